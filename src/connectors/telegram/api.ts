import { cleanText } from '../../domain/directory/identifiers.ts';
import type { HttpClient } from '../../runtime/http/client.ts';
import { fields, number } from '../../runtime/http/fields.ts';
import { ServiceError } from '../../runtime/http/service-error.ts';
import { requestTrouble } from '../../runtime/http/trouble.ts';
import { agentFor, proxyRefused } from './agent.ts';
import type { TelegramConfig } from './schema.ts';

type Call = (method: string, payload: object, options: { readonly signal: AbortSignal }) => Promise<unknown>;

/** The Bot API by telegraf's client. Its types end before Business, so that payloads are plain here and answers are looked at where they are used. */
export class TelegramApi {
  readonly #config: TelegramConfig;
  readonly #http: HttpClient;
  #client: Call | null = null;

  constructor(config: TelegramConfig, http: HttpClient) {
    this.#config = config;
    this.#http = http;
  }

  /** Calls a method. Rejects with a ServiceError. `timeout` in milliseconds. */
  async call(method: string, payload: object, signal: AbortSignal, timeout = this.#http.timeout): Promise<unknown> {
    const limited = AbortSignal.any([signal, AbortSignal.timeout(timeout)]);
    try {
      this.#client ??= await this.#open();
      return await this.#client(method, payload, { signal: limited });
    } catch (error) {
      throw this.#trouble(error, signal, limited);
    }
  }

  /** Where a file of a path that `getFile` gave is read. */
  fileUrl(path: string): string {
    const { api, token } = this.#config;
    return `${api.replace(/\/$/, '')}/file/bot${token}/${path}`;
  }

  /** telegraf is loaded only where a bot is configured. */
  async #open(): Promise<Call> {
    const { Telegram } = await import('telegraf');
    const { token, api } = this.#config;
    const client = new Telegram(token, { apiRoot: api, agent: agentFor(this.#config), webhookReply: false });
    return client.callApi.bind(client) as unknown as Call;
  }

  #trouble(error: unknown, stop: AbortSignal, limited: AbortSignal): ServiceError {
    const response = fields(fields(error).response);
    const code = number(response.error_code);
    if (code === null) {
      // node-fetch calls both an AbortError.
      if (limited.aborted && !stop.aborted) return new ServiceError('unknown', 'Telegram did not answer in time');
      if (fields(error).code === proxyRefused)
        return new ServiceError('unreachable', "Telegram can't be reached: the proxy did not let us through");
      return requestTrouble('Telegram', error);
    }
    const said = cleanText(typeof response.description === 'string' ? response.description : '', 200);
    const words = `Telegram: ${said} (${code})`;
    if (code === 429) {
      const wait = number(fields(response.parameters).retry_after) ?? 1;
      return new ServiceError('later', words, Math.min(Math.max(wait, 1), 3600) * 1000);
    }
    if (code >= 500) return new ServiceError('unknown', words);
    if (code === 401 || code === 404) return new ServiceError('access', 'Telegram does not know this bot token');
    if (code === 409) return new ServiceError('later', `${words}: another program uses this bot`);
    if (code === 403) return new ServiceError('refused', 'the client has blocked the bot, or never wrote to it');
    return new ServiceError('refused', words);
  }
}
