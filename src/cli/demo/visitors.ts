import { createServer, type IncomingMessage, type Server } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { sleep } from '../../runtime/sleep.ts';
import { clientCount, demoPerson } from './people.ts';

const wishes = [
  'Сколько стоит доставка в Казань?',
  'Нужны двадцать насосов до пятницы. Успеете?',
  'Пришлите, пожалуйста, счёт на прошлый заказ.',
  'Есть ли аналог подешевле?',
  'Когда привезут то, что мы заказали?',
];
const thanks = 'Спасибо, жду!';

/** An answer as the chat receives it. */
interface ChatAnswer {
  readonly id: string;
  readonly to: { readonly id: string };
}

/**
 * Visitors of a fictional website. They fill in its form and write in its chat, through the same interfaces as any website
 * (`POST /forms` and the connector `kind: webhook`), and thank the manager for an answer.
 */
export class Visitors {
  readonly #webhook: Webhook;
  readonly #speed: number;
  readonly #server: Server;
  readonly #stopping = new AbortController();
  readonly #running = new Set<Promise<void>>();
  #gateway = '';
  #serial = 0;

  /** `secret` signs requests in both directions; `speed` is a multiple of real time. */
  constructor(secret: string, speed: number) {
    this.#webhook = new Webhook(secret);
    this.#speed = speed;
    this.#server = createServer((request, response) => {
      void this.#answered(request).then((status) => response.writeHead(status).end());
    });
  }

  /** Opens the chat on a loopback port and resolves with the URL for answers. */
  listen(): Promise<string> {
    return new Promise((resolve) => {
      this.#server.listen(0, '127.0.0.1', () => {
        const address = this.#server.address();
        resolve(`http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/`);
      });
    });
  }

  /** Starts the stream of visitors. */
  start(gateway: string): void {
    this.#gateway = gateway;
    this.#run(() => this.#visit());
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#running);
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #visit(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      this.#serial += 1;
      const visitor = Math.random() < 0.6 ? Math.floor(Math.random() * clientCount) : 500 + this.#serial;
      const text = wishes[this.#serial % wishes.length] ?? '';
      await (this.#serial % 2 === 0 ? this.#fillIn(visitor, text) : this.#write(String(visitor), text));
      await this.#wait(60_000 + Math.random() * 120_000);
    }
  }

  async #fillIn(visitor: number, comment: string): Promise<void> {
    const { name, phone } = demoPerson(visitor);
    await this.#post('/api/v1/forms/site', JSON.stringify({ name, phone, comment, utm_source: 'yandex' }), {});
  }

  async #write(visitor: string, text: string): Promise<void> {
    this.#serial += 1;
    const id = `visit-${this.#serial}`;
    const { name, phone } = demoPerson(Number(visitor));
    const proven = Number(visitor) < clientCount ? { phone } : {};
    await this.#send({ type: 'message', id, from: { id: visitor, name, ...proven }, text });
  }

  /** Handles an answer from the desk: reports it as read after a moment, and sends thanks later. */
  async #answered(request: IncomingMessage): Promise<number> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString('utf8');
    try {
      this.#webhook.verify(body, request.headers as Record<string, string>);
    } catch {
      return 401;
    }
    const { id, to } = JSON.parse(body) as ChatAnswer;
    this.#run(async () => {
      await this.#wait(10_000);
      await this.#send({ type: 'report', id, state: 'read' });
      await this.#wait(20_000);
      if (!this.#stopping.signal.aborted) await this.#write(to.id, thanks);
    });
    return 204;
  }

  async #send(message: Readonly<Record<string, unknown>>): Promise<void> {
    const now = new Date();
    const body = JSON.stringify(message);
    this.#serial += 1;
    const id = `hook-${this.#serial}`;
    await this.#post('/api/v1/hooks/chat', body, {
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
      'webhook-signature': this.#webhook.sign(id, now, body),
    });
  }

  /** Errors are ignored: they only occur while the gateway is stopping. */
  async #post(path: string, body: string, headers: Readonly<Record<string, string>>): Promise<void> {
    const request = { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } };
    await fetch(`${this.#gateway}${path}`, request).catch(() => undefined);
  }

  #run(work: () => Promise<void>): void {
    const running = work().finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  #wait(ms: number): Promise<void> {
    return sleep(ms / this.#speed, this.#stopping.signal);
  }
}
