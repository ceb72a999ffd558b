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
  readonly #webhook: Webhook;
  readonly #server: Server;

  constructor(secret: string) {
    this.#webhook = new Webhook(secret);
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      request.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > largestBody) request.destroy();
        else chunks.push(chunk);
      });
      request.on('end', () => {
        const answer = this.#take(Buffer.concat(chunks).toString('utf8'), request.headers as Record<string, string>);
        response.writeHead(answer === null ? 401 : 200, { 'content-type': 'application/json' });
        response.end(JSON.stringify(answer ?? { error: 'wrong signature' }));
      });
    });
  }

  /** Listens on a loopback port and tells its URL. */
  listen(): Promise<string> {
    return new Promise((resolve) => {
      this.#server.listen(0, '127.0.0.1', () => {
        const address = this.#server.address();
        resolve(`http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/in`);
      });
    });
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #take(body: string, headers: Record<string, string>): { id: string; url: string } | null {
    try {
      this.#webhook.verify(body, headers);
    } catch {
      this.refused += 1;
      return null;
    }
    const { data } = JSON.parse(body) as { data: { id: string; revision: number; state: string } };
    const known = this.interactions.get(data.id);
    if (known === undefined || known.revision < data.revision) {
      this.interactions.set(data.id, { revision: data.revision, state: data.state });
    }
    return { id: `crm-${data.id.slice(-6)}`, url: `https://crm.example/calls/${data.id}` };
  }
}
