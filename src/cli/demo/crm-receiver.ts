import { createServer, type Server } from 'node:http';
import { Webhook } from 'standardwebhooks';

/** What the sample CRM holds of one interaction: the highest revision it has seen. */
export interface ReceivedInteraction {
  readonly revision: number;
  readonly state: string;
}

const largestBody = 1024 * 1024;

/**
 * A sample CRM: verifies Standard Webhooks signatures, keeps the highest revision of each
 * interaction, and answers with a link, as a real receiver should.
 */
export class CrmReceiver {
  readonly interactions = new Map<string, ReceivedInteraction>();
  /** Requests whose signature was wrong. */
  refused = 0;
  /** What each `webhook-id` carried, as `interaction:revision`. */
  readonly ids = new Map<string, string>();
  /** Requests that came under an id known already, with the same interaction and revision. */
  repeats = 0;
  /** Requests under an id that had carried something else: a sender's fault. */
  reused = 0;
  readonly #webhook: Webhook;
  readonly #server: Server;
  readonly #firstAnswer: number;

  /** `firstAnswer`: the HTTP status that every webhook-id gets at first, 200 by default; 503 makes the sender repeat. */
  constructor(secret: string, { firstAnswer = 200 }: { readonly firstAnswer?: number } = {}) {
    this.#webhook = new Webhook(secret);
    this.#firstAnswer = firstAnswer;
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      request.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > largestBody) request.destroy();
        else chunks.push(chunk);
      });
      request.on('end', () => {
        const { status, answer } = this.#take(
          Buffer.concat(chunks).toString('utf8'),
          request.headers as Record<string, string>,
        );
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(JSON.stringify(answer));
      });
    });
  }

  /** Listens on a loopback port (0: any) and tells its URL. */
  listen(port = 0): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', () => {
        const address = this.#server.address();
        resolve(`http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/in`);
      });
    });
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #take(body: string, headers: Record<string, string>): { status: number; answer: Readonly<Record<string, string>> } {
    try {
      this.#webhook.verify(body, headers);
    } catch {
      this.refused += 1;
      return { status: 401, answer: { error: 'wrong signature' } };
    }
    const { data } = JSON.parse(body) as { data: { id: string; revision: number; state: string } };
    const first = this.#isFirst(headers['webhook-id'] ?? '', `${data.id}:${data.revision}`);
    if (first && this.#firstAnswer !== 200) return { status: this.#firstAnswer, answer: { error: 'not now' } };
    const known = this.interactions.get(data.id);
    if (known === undefined || known.revision < data.revision) {
      this.interactions.set(data.id, { revision: data.revision, state: data.state });
    }
    return {
      status: 200,
      answer: { id: `crm-${data.id.slice(-6)}`, url: `https://crm.example/calls/${data.id}` },
    };
  }

  #isFirst(id: string, carried: string): boolean {
    const before = this.ids.get(id);
    this.ids.set(id, carried);
    if (before === carried) this.repeats += 1;
    else if (before !== undefined) this.reused += 1;
    return before === undefined;
  }
}
