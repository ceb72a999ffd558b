import { cleanText } from '../../domain/directory/identifiers.ts';
import { reason } from '../../domain/reasons/reasons.ts';
import type { HttpClient } from '../../runtime/http/client.ts';
import { fields, number } from '../../runtime/http/fields.ts';
import { ServiceError } from '../../runtime/http/service-error.ts';
import { requestTrouble } from '../../runtime/http/trouble.ts';
import { type Refusal, refusal } from '../shared/refusals.ts';
import { agentFor, proxyRefused } from './agent.ts';
import type { TelegramConfig } from './schema.ts';

type Call = (method: string, payload: object, options: { readonly signal: AbortSignal }) => Promise<unknown>;

/** The Bot API, using telegraf's client. The library has no types for Business, so payloads are untyped and answers are checked where they are used. */
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

  /** The URL of a file with a path from `getFile`. */
  fileUrl(path: string): string {
    const { api, token } = this.#config;
    return `${api.replace(/\/$/, '')}/file/bot${token}/${path}`;
  }

  /** Loads telegraf, which is needed only if a bot is configured. */
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
      // node-fetch throws an AbortError in both cases.
      if (limited.aborted && !stop.aborted) return new ServiceError('unknown', reason('serviceSilent', { service }));
      if (fields(error).code === proxyRefused)
        return new ServiceError('unreachable', reason('proxyFailed', { service }));
      return requestTrouble(service, error);
    }
    const words = response.description;
    const wait = number(fields(response.parameters).retry_after) ?? 1;
    const after = code === 429 ? Math.min(Math.max(wait, 1), 3600) * 1000 : null;
    // After a server error, it is unknown whether the message was sent.
    if (code >= 500)
      return new ServiceError('unknown', reason('serviceFailed', { service, status: code, said: textOf(words) }));
    return refusal(meaningOf(code, textOf(words)), { provider: service, error: code, words, after });
  }
}

const service = 'Telegram';

const byCode: Readonly<Record<number, Refusal>> = {
  401: 'tokenInvalid',
  404: 'tokenInvalid',
  409: 'otherProgram',
  413: 'fileRefused',
  429: 'rateLimited',
};

/** Many refusals have the same code and differ only in their `description`. */
const byDescription: readonly (readonly [RegExp, Refusal])[] = [
  [/blocked by the user|bot was kicked|not a member|USER_IS_BLOCKED/i, 'blockedUs'],
  [/user is deactivated|INPUT_USER_DEACTIVATED|user not found/i, 'accountGone'],
  [/can't initiate conversation/i, 'neverWrote'],
  [/chat not found|PEER_ID_INVALID|upgraded to a supergroup|group is deactivated/i, 'chatGone'],
  [/rights to send|CHAT_WRITE_FORBIDDEN|BUSINESS_PEER_|VOICE_MESSAGES_FORBIDDEN/i, 'writingForbidden'],
  [/message is too long|caption is too long|MEDIA_CAPTION_TOO_LONG/i, 'textTooLong'],
  [/file|PHOTO_|IMAGE_|MEDIA_|VIDEO_/i, 'fileRefused'],
];

function meaningOf(code: number, description: string): Refusal | null {
  const known = byCode[code];
  if (known !== undefined) return known;
  const found = byDescription.find(([pattern]) => pattern.test(description));
  return found?.[1] ?? (code === 403 ? 'blockedUs' : null);
}

function textOf(words: unknown): string {
  return typeof words === 'string' ? cleanText(words, 200) : '';
}
