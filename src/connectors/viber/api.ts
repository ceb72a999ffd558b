import { reason } from '../../domain/reasons/reasons.ts';
import type { HttpClient } from '../../runtime/http/client.ts';
import { type Fields, number } from '../../runtime/http/fields.ts';
import { requestJson } from '../../runtime/http/json.ts';
import { ServiceError } from '../../runtime/http/service-error.ts';
import { type Refusal, refusal } from '../shared/refusals.ts';
import type { ViberConfig } from './schema.ts';

/** Viber's error codes (https://developers.viber.com/docs/api/rest-bot-api/#error-codes). */
const refusals: Readonly<Record<number, Refusal>> = {
  2: 'tokenInvalid',
  5: 'accountGone',
  6: 'blockedUs',
  7: 'accountBlocked',
  8: 'accountBlocked',
  9: 'accountBlocked',
  10: 'webhookMissing',
  11: 'appTooOld',
  12: 'rateLimited',
  13: 'appTooOld',
  14: 'appTooOld',
  15: 'rightMissing',
  21: 'countryUnsupported',
  23: 'paymentMissing',
  24: 'paymentMissing',
};

/** Viber's bot API. It always answers HTTP 200; success is indicated by `status: 0` in the body. */
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
  if (code === null) return new ServiceError('unknown', reason('answerUnclear', { service: 'Viber' }));
  return refusal(refusals[code] ?? null, { provider: 'Viber', error: code, words: status_message, after: wait });
}
