import http from 'node:http';
import https from 'node:https';
import type { LookupFunction, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';

/** How the outside is reached. */
export interface Reach {
  /** `http://[user:password@]host:port` of a proxy that knows CONNECT; null: directly. */
  readonly proxy: string | null;
  /** PEM of certificate authorities that are trusted beside the well-known ones. */
  readonly ca: string | null;
  /** How names are looked up where there is no proxy; the system's way by default. */
  readonly lookup?: LookupFunction;
}

/** Marks that a proxy would not let us through. */
export const proxyRefused = 'EPROXY';

type Opened = (error: Error | null, socket?: Duplex) => void;
interface Target {
  readonly host?: string;
  readonly port?: number | string;
  readonly servername?: string;
}

/** Agents of one way to the outside. */
export interface Agents {
  readonly http: http.Agent;
  readonly https: https.Agent;
}

/** Agents for both protocols. A socket serves one request: one that died in a pool would make a sending uncertain. */
export function agentsFor({ proxy, ca, lookup }: Reach): Agents {
  const trusted = ca === null ? {} : { ca: [...tls.rootCertificates, ca] };
  const looking = lookup === undefined ? {} : { lookup };
  const agents = { http: new http.Agent(looking), https: new https.Agent({ ...trusted, ...looking }) };
  if (proxy === null) return agents;
  const through = new URL(proxy);
  Object.assign(agents.http, {
    createConnection: (target: Target, opened: Opened) => void connect(through, target, opened),
  });
  Object.assign(agents.https, {
    createConnection: (target: Target, opened: Opened) =>
      void connect(through, target, (error, socket) => {
        if (error !== null || socket === undefined) return opened(error);
        const secure = tls.connect({
          ...trusted,
          socket: socket as Socket,
          servername: target.servername ?? target.host ?? '',
        });
        secure.once('secureConnect', () => opened(null, secure));
        secure.once('error', opened);
      }),
  });
  return agents;
}

function connect(proxy: URL, { host = '', port = 443 }: Target, opened: Opened): void {
  const path = `${host}:${port}`;
  const login = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  const headers = {
    host: path,
    ...(login !== ':' && { 'proxy-authorization': `Basic ${Buffer.from(login).toString('base64')}` }),
  };
  const request = http.request({
    host: proxy.hostname,
    port: proxy.port || 80,
    method: 'CONNECT',
    path,
    headers,
    agent: false,
    timeout: 15_000,
  });
  const refuse = (why: string) => opened(Object.assign(new Error(`the proxy ${why}`), { code: proxyRefused }));
  request.once('connect', ({ statusCode }, socket) => {
    if (statusCode === 200) return opened(null, socket);
    socket.destroy();
    refuse(`answered ${statusCode}`);
  });
  request.once('timeout', () => request.destroy(new Error('did not answer')));
  request.once('error', (error) => refuse(`can't be reached (${'code' in error ? error.code : error.message})`));
  request.end();
}
