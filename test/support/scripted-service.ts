import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that a scripted service got. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What it answers. */
export interface Answered {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/**
 * An outside service over a real socket, behaving as its documentation says (each service's own file holds that script). It
 * can be made to fail: `down` answers 503 to everything, `cut` does what it was asked and breaks off before the answer.
 */
export class ScriptedService {
  readonly asked: Asked[] = [];
  mode: 'up' | 'down' | 'cut' = 'up';
  /** What it answers next, before its script is heard again. */
  readonly next: Answered[] = [];
  readonly #server: Server;
  #waiting: (() => void)[] = [];

  constructor(script: (asked: Asked) => Answered | Promise<Answered>) {
    this.#server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const url = new URL(request.url ?? '/', 'http://service');
      const asked = {
        method: request.method ?? '',
        path: url.pathname,
        query: url.searchParams,
        headers: request.headers,
        body: Buffer.concat(chunks),
      };
      this.asked.push(asked);
      for (const wake of this.#waiting.splice(0)) wake();
      const answer =
        this.mode === 'down' ? { status: 503, body: 'busy' } : (this.next.shift() ?? (await script(asked)));
      if (this.mode === 'cut') return void request.socket.destroy();
      response.writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers });
      response.end(answer.body ?? '{}');
    });
  }

  /** Opens it; answers its root URL. */
  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Waits until a request came for which `test` holds. */
  async until(test: (asked: Asked) => boolean): Promise<void> {
    while (!this.asked.some(test)) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

/** An answer in JSON. */
export function json(value: unknown, status = 200): Answered {
  return { status, body: JSON.stringify(value) };
}

/** The fields and the file of a multipart form. Throws where it is none. */
export function formParts(
  asked: Asked,
): Readonly<Record<string, { readonly filename: string | null; readonly body: Buffer }>> {
  const boundary = /boundary="?([^";]+)/.exec(asked.headers['content-type'] ?? '')?.[1];
  if (boundary === undefined) throw new Error('expected a multipart form');
  const parts = asked.body.toString('latin1').split(`--${boundary}`).slice(1, -1);
  return Object.fromEntries(
    parts.map((part) => {
      const [head = '', ...rest] = part.replace(/^\r\n/, '').split('\r\n\r\n');
      const name = /name="([^"]*)"/i.exec(head)?.[1] ?? '';
      const filename = /filename="([^"]*)"/i.exec(head)?.[1] ?? null;
      return [name, { filename, body: Buffer.from(rest.join('\r\n\r\n').replace(/\r\n$/, ''), 'latin1') }];
    }),
  );
}
