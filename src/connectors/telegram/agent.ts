import http from 'node:http';
import https from 'node:https';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { type Trusted, trustOptions } from '../../runtime/http/authorities.ts';
import type { TelegramConfig } from './schema.ts';

/** The code of the error where a proxy did not let us through: the request never left. */
export const proxyRefused = 'EPROXY';

/**
 * How telegraf's own client reaches the Bot API: directly or through a proxy, and trusting authorities of one's own. A socket serves
 * one request: one that died in a pool would make a sending uncertain.
 */
export function agentFor({ api, proxy, ca }: Pick<TelegramConfig, 'api' | 'proxy' | 'ca'>): http.Agent {
  const trusted = trustOptions(ca);
  if (proxy !== undefined) return new ProxyAgent(proxy, trusted);
  return api.startsWith('https:') ? new https.Agent(trusted) : new http.Agent();
}

type Connect = HttpsProxyAgent<string>['connect'];

/** The library's agent trusts its authorities for the proxy only, and gives a proxy's refusal as if it were the service's answer. */
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
  return Object.assign(new Error(`the proxy did not let us through: ${why}`), { code: proxyRefused });
}
