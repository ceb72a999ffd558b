import { Agent, request } from 'node:http';

/** Sends forms over kept-alive connections as fast as they are answered; for load tests and benches. */
export class FormSender {
  readonly #url: URL;
  readonly #agent: Agent;

  constructor(url: string, connections: number) {
    this.#url = new URL(url);
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /** Sends one submission; returns its status, or null if there was no answer. */
  send(body: string, headers: Readonly<Record<string, string>> = {}): Promise<number | null> {
    return new Promise((resolve) => {
      const asked = request(
        this.#url,
        {
          agent: this.#agent,
          method: 'POST',
          headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...headers },
        },
        (response) => {
          response.on('end', () => resolve(response.statusCode ?? null));
          response.on('error', () => resolve(null));
          response.resume();
        },
      );
      asked.on('error', () => resolve(null));
      asked.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** The form of visitor number `n`. No two visitors share a phone number. */
export function visitorsForm(n: number): string {
  const phone = `+7916${1_000_000 + n}`;
  return JSON.stringify({ name: 'Иван', phone, comment: `Заявка ${n}`, utm_source: 'yandex', yclid: String(n) });
}
