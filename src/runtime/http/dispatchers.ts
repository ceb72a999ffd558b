import type { LookupFunction } from 'node:net';
import { Agent, type Dispatcher, Pool, ProxyAgent } from 'undici';
import type { Trusted } from './authorities.ts';

/** How to reach the outside. */
export interface Reach {
  /** `http://[user:password@]host:port` of a proxy that supports CONNECT; null for direct connections. */
  readonly proxy: string | null;
  readonly trusted: Trusted;
  /** How names are resolved without a proxy; by default the system's resolver. */
  readonly lookup?: LookupFunction;
  /** `fresh` opens a new connection for each request. */
  readonly connections: Connections;
  /** Time limit for opening a connection, in milliseconds. */
  readonly timeout: number;
}

/**
 * Whether connections are reused. If the other side has closed one meanwhile, a request on it fails and may or may
 * not have arrived. So `pooled` is for requests that may be repeated, and `fresh` for those that may not.
 */
export type Connections = 'pooled' | 'fresh';

/** The proxy was unreachable or refused the connection, so the request was never sent. */
export class ProxyError extends Error {
  override readonly name = 'ProxyError';
}

/** Creates the dispatcher that sends requests. Callers set the time limits of requests. */
export function dispatcherFor({ proxy, trusted, lookup, connections, timeout }: Reach): Dispatcher {
  const shared = { pipelining: connections === 'fresh' ? 0 : 1, headersTimeout: 0, bodyTimeout: 0 };
  if (proxy === null)
    return new Agent({ ...shared, connect: { ...trusted, timeout, ...(lookup !== undefined && { lookup }) } });
  const { origin, username, password } = new URL(proxy);
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return new ProxyAgent({
    ...shared,
    uri: origin,
    ...(login !== ':' && { token: `Basic ${Buffer.from(login).toString('base64')}` }),
    proxyTunnel: true,
    proxyTls: { timeout },
    requestTls: { ...trusted, timeout },
    clientFactory: (url, options) => new ProxyPool(url, options),
  });
}

/**
 * Connections to the proxy. Errors here are attributed to the proxy: undici's own do not say so, and after some of
 * them it would retry for ever.
 */
class ProxyPool extends Pool {
  // ProxyAgent never uses the callback variant.
  override connect(options: Parameters<Pool['connect']>[0]): Promise<Dispatcher.ConnectData>;
  override connect(options: Parameters<Pool['connect']>[0], callback: never): void;
  override async connect(options: Parameters<Pool['connect']>[0]): Promise<Dispatcher.ConnectData> {
    const answer = await super.connect(options).catch((error: unknown) => {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'the connection broke';
      throw new ProxyError(`the proxy can't be reached (${code})`);
    });
    if (answer.statusCode === 200) return answer;
    answer.socket.on('error', () => undefined).destroy();
    throw new ProxyError(`the proxy answered ${answer.statusCode}`);
  }
}
