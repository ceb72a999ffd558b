import type { HttpClient } from '../../runtime/http/client.ts';
import { fields, number } from '../../runtime/http/fields.ts';
import { requestJson, urlencoded } from '../../runtime/http/json.ts';
import type { ServiceError } from '../../runtime/http/service-error.ts';
import { type Refusal, refusal } from '../shared/refusals.ts';
import type { VkConfig } from './schema.ts';

/** VK's error codes (https://dev.vk.com/ru/reference/errors, and those of messages.send). */
const refusals: Readonly<Record<number, Refusal>> = {
  1: 'providerDown',
  5: 'tokenInvalid',
  6: 'rateLimited',
  7: 'rightMissing',
  9: 'rateLimited',
  10: 'providerDown',
  15: 'rightMissing',
  18: 'accountGone',
  27: 'tokenInvalid',
  29: 'rateLimited',
  113: 'accountGone',
  900: 'blockedUs',
  901: 'writingForbidden',
  902: 'writingForbidden',
  914: 'textTooLong',
  917: 'chatGone',
  927: 'chatGone',
  932: 'writingForbidden',
  936: 'accountGone',
  945: 'chatGone',
  946: 'chatGone',
  950: 'writingForbidden',
};
/** Too many requests per second. VK sends no time to wait. */
const tooManyASecond = 6;

/** The part of VK's API that messages need. */
export class VkApi {
  readonly #config: VkConfig;
  readonly #http: HttpClient;

  constructor(config: VkConfig, http: HttpClient) {
    this.#config = config;
    this.#http = http;
  }

  /** Calls a method and resolves to its `response`. Rejects with a ServiceError. */
  async call(method: string, parameters: Readonly<Record<string, string>>, signal: AbortSignal): Promise<unknown> {
    const { api, token, version } = this.#config;
    const form = urlencoded({ ...parameters, access_token: token, v: version });
    const url = `${api.replace(/\/$/, '')}/${method}`;
    const answer = await requestJson(this.#http, 'VK', { method: 'POST', url, ...form, signal }, ({ error }) =>
      trouble(error),
    );
    return answer.response;
  }
}

function trouble(error: unknown): ServiceError | null {
  const { error_code, error_msg } = fields(error);
  const code = number(error_code);
  if (code === null) return null;
  const after = code === tooManyASecond ? 1000 : null;
  return refusal(refusals[code] ?? null, { provider: 'VK', error: code, words: error_msg, after });
}
