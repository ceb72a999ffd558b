import { entryOf } from '../../domain/base/entry-of.ts';
import { reason } from '../../domain/reasons/reasons.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { HttpClient, HttpRequest } from '../../runtime/http/client.ts';
import { type Fields, fields, id, list, number, text } from '../../runtime/http/fields.ts';
import { requestJson, requestValue, urlencoded } from '../../runtime/http/json.ts';
import { asServiceError, ServiceError } from '../../runtime/http/service-error.ts';
import { type Refusal, refusal } from '../shared/refusals.ts';
import type { AvitoConfig } from './schema.ts';

/** Avito names its errors by the HTTP status (https://developers.avito.ru/api-catalog/messenger/documentation). */
const refusals: Readonly<Record<string, Refusal>> = {
  401: 'tokenInvalid',
  402: 'paymentMissing',
  403: 'rightMissing',
  404: 'chatGone',
  429: 'rateLimited',
};
/** A token is renewed this many milliseconds before it expires. */
const margin = 60_000;
/** Seconds that a token is used if Avito does not say how long it is valid. */
const shortest = 600;
/** The most that Avito returns at once, and the largest offset that it accepts. */
const pageSize = 100;
const largestOffset = 1000;
/** The longest list that can be read page by page. */
export const longestList = largestOffset + pageSize;

interface Token {
  readonly value: string;
  readonly until: number;
}

/** The part of Avito's API that messages need. All methods reject with a ServiceError. */
export class AvitoApi {
  readonly #config: AvitoConfig;
  readonly #http: HttpClient;
  readonly #clock: Clock;
  #token: Token | null = null;
  #renewing: Promise<Token> | null = null;
  #account: string | null = null;

  constructor(config: AvitoConfig, http: HttpClient, clock: Clock) {
    this.#config = config;
    this.#http = http;
    this.#clock = clock;
  }

  /** The number of our account if it was asked for before, otherwise null. */
  get knownAccount(): string | null {
    return this.#account;
  }

  /** The number of our account. */
  async account(signal: AbortSignal): Promise<string> {
    this.#account ??= id(fields(await this.ask('core/v1/accounts/self', { signal })).id);
    if (this.#account === null) throw new ServiceError('unknown', reason('answerUnclear', { service: 'Avito' }));
    return this.#account;
  }

  /** Requests a path below our account. */
  async own(version: 1 | 2 | 3, path: string, asked: Omit<HttpRequest, 'url'>): Promise<object> {
    const account = await this.account(asked.signal ?? AbortSignal.timeout(this.#http.timeout));
    return this.ask(`messenger/v${version}/accounts/${account}/${path}`, asked);
  }

  /** Reads a list page by page, as far as Avito allows. */
  async *pages(version: 2 | 3, path: string, name: string, signal: AbortSignal): AsyncGenerator<readonly Fields[]> {
    for (let offset = 0; offset <= largestOffset; offset += pageSize) {
      const glue = path.includes('?') ? '&' : '?';
      const answer = await this.own(version, `${path}${glue}limit=${pageSize}&offset=${offset}`, { signal });
      // The documentation shows messages as a bare list; Avito sends an object with the list in it.
      const page = list(Array.isArray(answer) ? answer : fields(answer)[name]).map(fields);
      yield page;
      if (page.length < pageSize) return;
    }
  }

  /** Posts JSON. */
  post(path: string, payload: object, signal: AbortSignal): Promise<object> {
    return this.ask(path, { method: 'POST', ...jsonBody(payload), signal });
  }

  /** Requests a path. A token that Avito no longer accepts is renewed once. */
  async ask(path: string, asked: Omit<HttpRequest, 'url'>): Promise<object> {
    const token = await this.#currentToken();
    try {
      return await this.#request(path, asked, token);
    } catch (error) {
      if (asServiceError(error).code !== '401') throw error;
      if (this.#token === token) this.#token = null;
      // A file is a stream, which has been read. Its message is sent again later.
      if (typeof asked.body === 'object') throw error;
      return this.#request(path, asked, await this.#currentToken());
    }
  }

  #request(path: string, asked: Omit<HttpRequest, 'url'>, token: Token): Promise<object> {
    const headers = { ...asked.headers, authorization: `Bearer ${token.value}` };
    return requestValue(this.#http, 'Avito', { ...asked, url: this.#url(path), headers }, trouble);
  }

  async #currentToken(): Promise<Token> {
    if (this.#token !== null && this.#clock.now() < this.#token.until) return this.#token;
    this.#renewing ??= this.#newToken().finally(() => {
      this.#renewing = null;
    });
    this.#token = await this.#renewing;
    return this.#token;
  }

  async #newToken(): Promise<Token> {
    const { clientId, clientSecret } = this.#config;
    const form = urlencoded({ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret });
    const asked = { method: 'POST', url: this.#url('token'), ...form } as const;
    const { access_token, expires_in } = await requestJson(this.#http, 'Avito', asked, tokenTrouble);
    const seconds = number(expires_in) ?? shortest;
    return { value: String(access_token), until: this.#clock.now() + seconds * 1000 - margin };
  }

  #url(path: string): string {
    return `${this.#config.api.replace(/\/$/, '')}/${path}`;
  }
}

/** A JSON body and its header. */
export function jsonBody(payload: object) {
  return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(payload) };
}

function trouble(answer: Fields, status: number, wait: number | null): ServiceError | null {
  if (status < 300) return null;
  const words = wordsOf(answer);
  if (status < 400 || status >= 500)
    return new ServiceError('unknown', reason('serviceFailed', { service: 'Avito', status, said: words ?? '' }), wait);
  // Some of Avito's gateways refuse an expired token with 403.
  const error = status === 403 && /access token|token expired/i.test(words ?? '') ? 401 : status;
  return refusal(entryOf(refusals, String(error)) ?? null, { provider: 'Avito', error, words, after: wait });
}

/** Avito also answers 200 with an error instead of a token. */
function tokenTrouble(answer: Fields, status: number, wait: number | null): ServiceError | null {
  if (status === 429 || status >= 500 || text(answer.access_token) !== null) return trouble(answer, status, wait);
  const words = text(answer.error_description) ?? text(answer.error) ?? wordsOf(answer);
  return refusal('tokenInvalid', { provider: 'Avito', error: text(answer.error) ?? status, words });
}

/**
 * The message of an error. Not all of Avito's services write it in the same place. It may repeat the address of our webhook, which has
 * a secret.
 */
function wordsOf({ error, result, message }: Fields): string | null {
  const words = text(fields(error).message) ?? text(fields(result).message) ?? text(message);
  return words?.slice(0, 1000).replace(/secret=\w+/g, 'secret=…') ?? null;
}
