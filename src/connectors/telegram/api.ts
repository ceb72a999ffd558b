import { cleanText } from '../../domain/directory/identifiers.ts';
import type { Blobs } from '../../domain/ports/blobs.ts';
import type { WrittenAttachment } from '../../domain/written/written-contact.ts';
import type { HttpClient, HttpRequest } from '../../runtime/http/client.ts';
import { type Fields, fields, number, text } from '../../runtime/http/fields.ts';
import { askJson } from '../../runtime/http/json.ts';
import { multipart } from '../../runtime/http/multipart.ts';
import { ServiceError } from '../../runtime/http/service-error.ts';
import type { TelegramConfig } from './schema.ts';

/** A file that goes with a call, and the parameter it is sent as. */
export interface Upload {
  readonly field: 'photo' | 'document';
  readonly file: WrittenAttachment;
  readonly blobs: Blobs;
}

/** The Bot API. Answers are looked at where they are used. */
export class TelegramApi {
  readonly #config: TelegramConfig;
  readonly #http: HttpClient;

  constructor(config: TelegramConfig, http: HttpClient) {
    this.#config = config;
    this.#http = http;
  }

  /** Calls a method. Rejects with a ServiceError. `timeout` in milliseconds. */
  call(method: string, payload: object, signal: AbortSignal, timeout = this.#http.timeout): Promise<unknown> {
    const headers = { 'content-type': 'application/json' };
    return this.#ask(method, { headers, body: JSON.stringify(payload), signal, timeout });
  }

  /** Calls a method with a file. Rejects with a ServiceError. `timeout` in milliseconds. */
  upload(
    method: string,
    payload: Readonly<Record<string, unknown>>,
    { field, file, blobs }: Upload,
    signal: AbortSignal,
    timeout: number,
  ): Promise<unknown> {
    // In a form whatever is no text is JSON.
    const values = Object.entries(payload).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]);
    return this.#ask(method, { ...multipart(Object.fromEntries(values), field, file, blobs), signal, timeout });
  }

  /** Where a file of a path that `getFile` gave is read. */
  fileUrl(path: string): string {
    return `${this.#root}/file/bot${this.#config.token}/${path}`;
  }

  get #root(): string {
    return this.#config.api.replace(/\/$/, '');
  }

  async #ask(method: string, asked: Omit<HttpRequest, 'url'>): Promise<unknown> {
    const url = `${this.#root}/bot${this.#config.token}/${method}`;
    const answer = await askJson(this.#http, 'Telegram', { ...asked, method: 'POST', url }, judge);
    return answer.result;
  }
}

/** What an answer that is no success means. */
function judge(answer: Fields): ServiceError | null {
  const code = number(answer.error_code);
  if (answer.ok === true || code === null) return null;
  const words = `Telegram: ${cleanText(text(answer.description) ?? '', 200)} (${code})`;
  if (code === 429) {
    const wait = number(fields(answer.parameters).retry_after) ?? 1;
    return new ServiceError('later', words, Math.min(Math.max(wait, 1), 3600) * 1000);
  }
  if (code >= 500) return new ServiceError('unknown', words);
  if (code === 401 || code === 404) return new ServiceError('access', 'Telegram does not know this bot token');
  if (code === 409) return new ServiceError('later', `${words}: another program uses this bot`);
  if (code === 403) return new ServiceError('refused', 'the client has blocked the bot, or never wrote to it');
  return new ServiceError('refused', words);
}
