import { cleanText } from '../../domain/directory/identifiers.ts';
import type { HttpClient } from '../../runtime/http/client.ts';
import { fields, number } from '../../runtime/http/fields.ts';
import { requestJson, urlencoded } from '../../runtime/http/json.ts';
import { ServiceError } from '../../runtime/http/service-error.ts';
import type { VkConfig } from './schema.ts';

/** Too many requests, flood, a limit of the day, and VK's own trouble. */
const passing = new Set([1, 6, 9, 10, 29]);
const access = new Set([5, 7, 15, 27]);
const plain: Readonly<Record<number, string>> = {
  900: 'VK: the client is on the black list of the community, or the community on his',
  901: 'VK: the client does not allow the community to write',
  902: 'VK: the privacy settings of the client do not allow it',
  914: 'VK: the message is too long',
  950: 'VK: the conversation is closed to the community',
};

/** VK's API, as far as messages need it. */
export class VkApi {
  readonly #config: VkConfig;
  readonly #http: HttpClient;

  constructor(config: VkConfig, http: HttpClient) {
    this.#config = config;
    this.#http = http;
  }

  /** Calls a method; answers its `response`. Rejects with a ServiceError. */
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
  const words = plain[code] ?? `VK: ${cleanText(typeof error_msg === 'string' ? error_msg : '', 200)} (${code})`;
  if (passing.has(code)) return new ServiceError('later', words, code === 6 ? 1000 : null, String(code));
  return new ServiceError(access.has(code) ? 'access' : 'refused', words, null, String(code));
}
