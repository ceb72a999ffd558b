import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';

/** A request that a scripted service received. */
export interface Asked {
  readonly method: string;
  /** Path and query as they were sent. */
  readonly target: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Its answer. */
export interface Answered {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** `cut` closes the connection instead of answering; `late` answers only after the client has given up. */
  readonly ending?: 'cut' | 'late';
}

/** The authority that signed the certificate that a service presents over TLS. */
export const ownAuthority = fixture('ca.pem');

function fixture(name: string): string {
  return fileURLToPath(new URL(`../fixtures/tls/${name}`, import.meta.url));
}

/**
 * A scripted outside service on a real socket, as strict as its documentation (each service's file holds its script). `mode` makes
 * it fail: `down` answers 503 to everything. The other modes carry the request out, but `cut` closes the connection before the
 * answer, `broken` answers 500, and `late` answers only after the client has given up.
 */
export class ScriptedService {
  readonly asked: Asked[] = [];
  mode: 'up' | 'down' | 'cut' | 'broken' | 'late' = 'up';
  /** Answers given before the script is asked again. */
  readonly next: Answered[] = [];
  readonly #script: (asked: Asked) => Answered | Promise<Answered>;
  #server: Server | null = null;
  #waiting: (() => void)[] = [];

  constructor(script: (asked: Asked) => Answered | Promise<Answered>) {
    this.#script = script;
  }

  /** Starts listening, on any free port unless one is given, and returns the root URL. `secure`: over TLS, with a certificate of {@link ownAuthority}. */
  async listen(secure = false, onPort = 0): Promise<string> {
    const answer = (request: IncomingMessage, response: ServerResponse) => void this.#answer(request, response);
    const server = secure
      ? createSecureServer(
          { cert: readFileSync(fixture('server.pem')), key: readFileSync(fixture('server.key')) },
          answer,
        )
      : createServer(answer);
    this.#server = server;
    server.listen(onPort, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    return secure ? `https://localhost:${port}` : `http://127.0.0.1:${port}`;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const received = await bodyOf(request);
    // The client died in the middle.
    if (received === null) return;
    const url = new URL(request.url ?? '/', 'http://service');
    const asked = {
      method: request.method ?? '',
      target: request.url ?? '/',
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body: received,
    };
    this.asked.push(asked);
    for (const wake of this.#waiting.splice(0)) wake();
    const { mode } = this;
    const answer: Answered =
      mode === 'down' ? { status: 503, body: 'busy' } : (this.next.shift() ?? (await this.#script(asked)));
    if (mode === 'cut' || answer.ending === 'cut') return void request.socket.destroy();
    if ((mode === 'late' || answer.ending === 'late') && !response.closed) await once(response, 'close');
    const {
      status = 200,
      headers,
      body = '{}',
    }: Answered = mode === 'broken' ? { status: 500, body: 'Internal Server Error' } : answer;
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(body);
  }

  /** Waits until a request satisfies `test`. */
  async until(test: (asked: Asked) => boolean): Promise<void> {
    while (!this.asked.some(test)) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  async close(): Promise<void> {
    const server = this.#server;
    if (server === null) return;
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
}

/** The whole body of a request; null if the connection ended before it. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) chunks.push(chunk as Buffer);
  } catch {
    return null;
  }
  return Buffer.concat(chunks);
}

/** An answer in JSON. */
export function json(value: unknown, status = 200): Answered {
  return { status, body: JSON.stringify(value) };
}

/** The fields and the file of a multipart form. Throws if the body is not multipart. */
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
