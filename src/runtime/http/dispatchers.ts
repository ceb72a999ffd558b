import type { LookupFunction } from 'node:net';
import { Agent, type Dispatcher, Pool, ProxyAgent } from 'undici';
import type { Trusted } from './authorities.ts';

/** How the outside is reached. */
export interface Reach {
  /** `http://[user:password@]host:port` of a proxy that knows CONNECT; null: directly. */
  readonly proxy: string | null;
  readonly trusted: Trusted;
  /** How names are looked up where there is no proxy; the system's way by default. */
  readonly lookup?: LookupFunction;
  /** `fresh`: each request has a connection of its own. */
  readonly connections: Connections;
  /** Milliseconds for opening a connection. */
  readonly timeout: number;
}

/**
 * Whether connections are used again. A request on one that the other side has closed meanwhile fails without anybody
 * knowing whether it arrived: `pooled` is for requests that may be repeated, `fresh` for those that may not.
 */
export type Connections = 'pooled' | 'fresh';

/** The proxy could not be reached, or did not let us through: the request never left. */
export class ProxyError extends Error {
  override readonly name = 'ProxyError';
}

/** What sends requests one way to the outside. Time limits of requests are their callers'. */
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

/** Connections to the proxy. What fails here is the proxy's: undici's own errors don't say so, and after some it tries for ever. */
class ProxyPool extends Pool {
  // The callback's form is never used by ProxyAgent.
  override connect(options: Parameters<Pool['connect']>[0]): Promise<Dispatcher.ConnectData>;
  override connect(options: Parameters<Pool['connect']>[0], callback: never): void;
  override async connect(options: Parameters<Pool['connect']>[0]): Promise<Dispatcher.ConnectData> {
    const answer = await super.connect(options).catch((error: unknown) => {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'it broke off';
      throw new ProxyError(`the proxy can't be reached (${code})`);
    });
    if (answer.statusCode === 200) return answer;
    answer.socket.on('error', () => undefined).destroy();
    throw new ProxyError(`the proxy answered ${answer.statusCode}`);
  }
}
