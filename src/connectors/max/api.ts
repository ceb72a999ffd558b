import { entryOf } from '../../domain/base/entry-of.ts';
import { cleanText } from '../../domain/directory/identifiers.ts';
import type { HttpClient, HttpRequest } from '../../runtime/http/client.ts';
import { type Fields, text } from '../../runtime/http/fields.ts';
import { requestJson } from '../../runtime/http/json.ts';
import type { ServiceError } from '../../runtime/http/service-error.ts';
import { type Refusal, refusal } from '../shared/refusals.ts';
import type { MaxConfig } from './schema.ts';

/** Milliseconds before retrying to use an uploaded file. */
const notReadyWait = 2000;
/** MAX's error codes (https://dev.max.ru/docs-api). Not all are documented. */
const refusals: Readonly<Record<string, Refusal>> = {
  'access.denied': 'rightMissing',
  'attachment.not.ready': 'fileNotReady',
  'chat.denied': 'blockedUs',
  'chat.not.found': 'chatGone',
  'dialog.not.found': 'neverWrote',
  'user.not.found': 'accountGone',
  'verify.token': 'tokenInvalid',
};

/** The part of MAX's Bot API that messages need. */
export class MaxApi {
  readonly #config: MaxConfig;
  readonly #http: HttpClient;

  constructor(config: MaxConfig, http: HttpClient) {
    this.#config = config;
    this.#http = http;
  }

  /** Requests a path below the root. Rejects with a ServiceError. */
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

/** Maps an error code. 401, 429 and 5xx are handled by their status; all other errors have a code. */
function trouble({ code, message }: Fields, status: number): ServiceError | null {
  const key = text(code);
  if (status < 400 || status === 401 || status === 429 || status >= 500 || key === null) return null;
  const known = entryOf(refusals, key) ?? null;
  const after = known === 'fileNotReady' ? notReadyWait : null;
  return refusal(known, { provider: 'MAX', error: cleanText(key, 64), words: message, after });
}
