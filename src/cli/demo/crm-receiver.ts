import { createServer, type Server } from 'node:http';
import { Webhook } from 'standardwebhooks';

/** The highest revision of an interaction that the sample CRM has received. */
export interface ReceivedInteraction {
  readonly revision: number;
  readonly state: string;
}

const maxBodyBytes = 1024 * 1024;

/**
 * A sample CRM. It verifies Standard Webhooks signatures, keeps the highest revision of each interaction and answers with a
 * link, as a real receiver should.
 */
export class CrmReceiver {
  readonly interactions = new Map<string, ReceivedInteraction>();
  /** Number of requests with an invalid signature. */
  refused = 0;
  /** The content of each `webhook-id`, as `interaction:revision`. */
  readonly ids = new Map<string, string>();
  /** Number of requests that repeated an id with the same content. */
  repeats = 0;
  /** Number of requests that reused an id for other content, which is an error of the sender. */
  reused = 0;
  readonly #webhook: Webhook;
  readonly #server: Server;
  readonly #firstAnswer: number;

  /** `firstAnswer` is the HTTP status of the first answer to each webhook-id, 200 by default. With 503 the sender has to retry. */
  constructor(secret: string, { firstAnswer = 200 }: { readonly firstAnswer?: number } = {}) {
    this.#webhook = new Webhook(secret);
    this.#firstAnswer = firstAnswer;
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      request.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > maxBodyBytes) request.destroy();
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

  /** Listens on a loopback port (0 for any free one) and resolves with its URL. */
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
