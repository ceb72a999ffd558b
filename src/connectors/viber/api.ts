import { cleanText } from '../../domain/directory/identifiers.ts';
import type { HttpClient } from '../../runtime/http/client.ts';
import { type Fields, number, text } from '../../runtime/http/fields.ts';
import { requestJson } from '../../runtime/http/json.ts';
import { ServiceError } from '../../runtime/http/service-error.ts';
import type { ViberConfig } from './schema.ts';

/** The token, a blocked or suspended account, no webhook, no money: an administrator has to act. */
const access = new Set([2, 7, 8, 9, 10, 15, 23, 24]);
const tooManyRequests = 12;
const plain: Readonly<Record<number, string>> = {
  5: 'Viber does not know this client any more',
  6: 'the client is not subscribed to the bot, or has left it',
  11: "the client's Viber is too old for this message",
};

/** Viber's bot API. Its answers' HTTP status is always 200: success is `status: 0` in the body. */
export class ViberApi {
  readonly #config: ViberConfig;
  readonly #http: HttpClient;

  constructor(config: ViberConfig, http: HttpClient) {
    this.#config = config;
    this.#http = http;
  }

  /** Calls a method. Rejects with a ServiceError. */
  call(method: string, payload: object, signal: AbortSignal): Promise<Fields> {
    const { api, token } = this.#config;
    const asked = {
      method: 'POST',
      url: `${api.replace(/\/$/, '')}/${method}`,
      headers: { 'content-type': 'application/json', 'x-viber-auth-token': token },
      body: JSON.stringify(payload),
      signal,
    } as const;
    return requestJson(this.#http, 'Viber', asked, trouble);
  }
}

function trouble({ status, status_message }: Fields, http: number, wait: number | null): ServiceError | null {
  const code = number(status);
  if (http >= 300 || code === 0) return null;
  if (code === null) return new ServiceError('unknown', 'Viber did not say whether it took what it was sent');
  const words = plain[code] ?? `Viber: ${cleanText(text(status_message) ?? '', 200)} (${code})`;
  if (code === tooManyRequests) return new ServiceError('later', words, wait, String(code));
  return new ServiceError(access.has(code) ? 'access' : 'refused', words, null, String(code));
}
