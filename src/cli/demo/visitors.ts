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

/** What the chat gets of an answer. */
interface ChatAnswer {
  readonly id: string;
  readonly to: { readonly id: string };
}

/**
 * Visitors of an invented site: they fill in its form and write in its chat, by the doors that any site has (`POST /forms`, the
 * connector `kind: webhook`), and thank whoever answers.
 */
export class Visitors {
  readonly #webhook: Webhook;
  readonly #speed: number;
  readonly #server: Server;
  readonly #stopping = new AbortController();
  readonly #running = new Set<Promise<void>>();
  #gateway = '';
  #serial = 0;

  /** `secret` signs both ways; `speed` times life. */
  constructor(secret: string, speed: number) {
    this.#webhook = new Webhook(secret);
    this.#speed = speed;
    this.#server = createServer((request, response) => {
      void this.#answered(request).then((status) => response.writeHead(status).end());
    });
  }

  /** Opens the chat on a port of this machine; answers where its answers go. */
  listen(): Promise<string> {
    return new Promise((resolve) => {
      this.#server.listen(0, '127.0.0.1', () => {
        const address = this.#server.address();
        resolve(`http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/`);
      });
    });
  }

  /** People come to the site from now on. */
  start(gateway: string): void {
    this.#gateway = gateway;
    this.#run(() => this.#come());
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#running);
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #come(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      this.#serial += 1;
      const visitor = Math.random() < 0.6 ? Math.floor(Math.random() * clientCount) : 500 + this.#serial;
      const text = wishes[this.#serial % wishes.length] ?? '';
      await (this.#serial % 2 === 0 ? this.#fillIn(visitor, text) : this.#write(String(visitor), text));
      await this.#pass(60_000 + Math.random() * 120_000);
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
    await this.#tell({ type: 'message', id, from: { id: visitor, name, ...proven }, text });
  }

  /** An answer from the desk: it is read at once, and thanked for after a while. */
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
      await this.#pass(10_000);
      await this.#tell({ type: 'report', id, state: 'read' });
      await this.#pass(20_000);
      if (!this.#stopping.signal.aborted) await this.#write(to.id, thanks);
    });
    return 204;
  }

  async #tell(message: Readonly<Record<string, unknown>>): Promise<void> {
    const now = new Date();
    const body = JSON.stringify(message);
    this.#serial += 1;
    const id = `told-${this.#serial}`;
    await this.#post('/api/v1/hooks/chat', body, {
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
      'webhook-signature': this.#webhook.sign(id, now, body),
    });
  }

  /** What a gateway that is just stopping does not take is lost: the office closes. */
  async #post(path: string, body: string, headers: Readonly<Record<string, string>>): Promise<void> {
    const request = { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } };
    await fetch(`${this.#gateway}${path}`, request).catch(() => undefined);
  }

  #run(work: () => Promise<void>): void {
    const running = work().finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  #pass(ms: number): Promise<void> {
    return sleep(ms / this.#speed, this.#stopping.signal);
  }
}
