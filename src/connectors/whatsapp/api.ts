import { entryOf } from '../../domain/base/entry-of.ts';
import { cleanText } from '../../domain/directory/identifiers.ts';
import type { HttpClient, HttpRequest } from '../../runtime/http/client.ts';
import { type Fields, fields, id, number } from '../../runtime/http/fields.ts';
import { requestJson } from '../../runtime/http/json.ts';
import { ServiceError } from '../../runtime/http/service-error.ts';
import type { WhatsappConfig } from './schema.ts';

/** More than 24 hours after the client's last message. */
export const windowClosed = '131047';

/** Codes that say "later": limits of the app, the account, the number, the pair; and passing trouble of theirs. */
const passing = new Set([1, 2, 4, 80007, 130429, 131000, 131016, 131048, 131056, 131057, 133016]);
/** Codes whose words mean nothing to a manager. */
const plain: Readonly<Record<string, string>> = {
  [windowClosed]: 'more than 24 hours have passed since the client last wrote: WhatsApp takes templates only',
  131026: 'WhatsApp can not deliver to this number: not on WhatsApp, or with terms not accepted',
  131050: 'the client does not want to be written to',
  131051: 'WhatsApp does not take this kind of message',
  131053: 'WhatsApp does not take this file',
};

/** The Graph API, as far as messages need it. */
export class WhatsappApi {
  readonly #config: WhatsappConfig;
  readonly #http: HttpClient;

  constructor(config: WhatsappConfig, http: HttpClient) {
    this.#config = config;
    this.#http = http;
  }

  /** The header that files are fetched with too. */
  get authorization(): Readonly<Record<string, string>> {
    return { authorization: `Bearer ${this.#config.token}` };
  }

  /** Asks below the version; rejects with a ServiceError. */
  ask(path: string, asked: Omit<HttpRequest, 'url'>): Promise<Fields> {
    const { api, version } = this.#config;
    const url = `${api.replace(/\/$/, '')}/${version}/${path}`;
    const headers = { ...this.authorization, ...asked.headers };
    return requestJson(this.#http, 'WhatsApp', { ...asked, url, headers }, (answer, _, wait) =>
      trouble(answer.error, wait),
    );
  }

  /** Posts JSON to the number's own resource. */
  post(resource: string, payload: object, signal: AbortSignal): Promise<Fields> {
    return this.ask(`${this.#config.phoneNumberId}/${resource}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(payload),
      signal,
    });
  }
}

/** What an error means that the Graph API tells, or null where it tells none. */
export function trouble(error: unknown, wait: number | null = null): ServiceError | null {
  const told = fields(error);
  const code = number(told.code);
  if (code === null) return null;
  const words = problemOf(error);
  if (passing.has(code)) return new ServiceError('later', words, wait, String(code));
  const access = code === 190 || code === 0 || code === 3 || code === 10 || (code >= 200 && code < 300);
  return new ServiceError(access ? 'access' : 'refused', words, null, String(code));
}

/** The same in words. */
export function problemOf(error: unknown): string {
  const { code, message, title, error_data } = fields(error);
  const known = entryOf(plain, id(code));
  if (known !== undefined) return known;
  const said = [fields(error_data).details, message, title].find((one) => typeof one === 'string' && one !== '');
  return `WhatsApp: ${cleanText(String(said ?? 'no reason given'), 200)} (${number(code) ?? '?'})`;
}
