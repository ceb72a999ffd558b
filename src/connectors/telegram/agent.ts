import http from 'node:http';
import https from 'node:https';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { type Trusted, trustOptions } from '../../runtime/http/authorities.ts';
import type { TelegramConfig } from './schema.ts';

/** The error code if the proxy refused the connection, so that the request was not sent. */
export const proxyRefused = 'EPROXY';

/**
 * The HTTP agent of telegraf's client: direct or through a proxy, with additional certificate authorities. Each request gets its own
 * socket, because a dead one from a pool would make a send uncertain.
 */
export function agentFor({ api, proxy, ca }: Pick<TelegramConfig, 'api' | 'proxy' | 'ca'>): http.Agent {
  const trusted = trustOptions(ca);
  if (proxy !== undefined) return new ProxyAgent(proxy, trusted);
  return api.startsWith('https:') ? new https.Agent(trusted) : new http.Agent();
}

type Connect = HttpsProxyAgent<string>['connect'];

/** Corrects two behaviours of the library: it uses the authorities for the proxy only, and returns a refusal of the proxy as the service's answer. */
class ProxyAgent extends HttpsProxyAgent<string> {
  readonly #trusted: Trusted;

  constructor(proxy: string, trusted: Trusted) {
    super(proxy);
    this.#trusted = trusted;
  }

  override async connect(...[request, options]: Parameters<Connect>): ReturnType<Connect> {
    let status = 0;
    request.once('proxyConnect', ({ statusCode }: { readonly statusCode: number }) => {
      status = statusCode;
    });
    const socket = await super.connect(request, { ...options, ...this.#trusted }).catch((error: unknown) => {
      throw status === 200 ? error : refused(error instanceof Error ? error.message : String(error));
    });
    if (status === 200) return socket;
    socket.destroy();
    throw refused(`it answered ${status}`);
  }
}

function refused(why: string): Error {
  return Object.assign(new Error(`the proxy refused the connection: ${why}`), { code: proxyRefused });
}
