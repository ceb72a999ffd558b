import { entryOf } from '../../domain/base/entry-of.ts';
import { cleanText } from '../../domain/directory/identifiers.ts';
import type { HttpClient, HttpRequest } from '../../runtime/http/client.ts';
import { type Fields, text } from '../../runtime/http/fields.ts';
import { requestJson } from '../../runtime/http/json.ts';
import { ServiceError } from '../../runtime/http/service-error.ts';
import type { MaxConfig } from './schema.ts';

/** How long an uploaded file is given to become usable, in milliseconds. */
const notReadyWait = 2000;
const plain: Readonly<Record<string, string>> = {
  'chat.denied': 'the client has stopped the bot, or does not allow it to write',
  'dialog.not.found': 'the client never wrote to this bot',
  'chat.not.found': 'MAX does not know this conversation',
};

/** MAX's Bot API, as far as messages need it. */
export class MaxApi {
  readonly #config: MaxConfig;
  readonly #http: HttpClient;

  constructor(config: MaxConfig, http: HttpClient) {
    this.#config = config;
    this.#http = http;
  }

  /** Asks below the root. Rejects with a ServiceError. */
  ask(path: string, asked: Omit<HttpRequest, 'url' | 'headers'>): Promise<Fields> {
    const url = `${this.#config.api.replace(/\/$/, '')}/${path}`;
    const typed = typeof asked.body === 'string' ? { 'content-type': 'application/json' } : {};
    const headers = { authorization: this.#config.token, ...typed };
    return requestJson(this.#http, 'MAX', { ...asked, url, headers }, trouble);
  }

  /** Posts JSON. */
  post(path: string, payload: object, signal: AbortSignal): Promise<Fields> {
    return this.ask(path, { method: 'POST', body: JSON.stringify(payload), signal });
  }
}

/** Statuses alone say what 401, 429 and 5xx mean; every other trouble has a code. */
function trouble({ code, message }: Fields, status: number): ServiceError | null {
  const key = text(code);
  if (status < 400 || status === 401 || status === 429 || status >= 500 || key === null) return null;
  const words = entryOf(plain, key) ?? `MAX: ${cleanText(text(message) ?? '', 200)} (${cleanText(key, 64)})`;
  if (key === 'attachment.not.ready') return new ServiceError('later', words, notReadyWait, key);
  return new ServiceError('refused', words, null, key);
}
