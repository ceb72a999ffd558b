import type { Reason } from '../../domain/base/reason.ts';
import { cleanText } from '../../domain/directory/identifiers.ts';
import { reason } from '../../domain/reasons/reasons.ts';
import type { HttpClient, HttpRequest } from '../../runtime/http/client.ts';
import { type Fields, fields, number } from '../../runtime/http/fields.ts';
import { requestJson } from '../../runtime/http/json.ts';
import type { ServiceError } from '../../runtime/http/service-error.ts';
import { type Refusal, refusal, refusalReason, type Said } from '../shared/refusals.ts';
import type { WhatsappConfig } from './schema.ts';

/** Error code: more than 24 hours have passed since the client's last message. */
export const windowClosed = 131047;

/**
 * Error codes of the Cloud API and the Graph API
 * (https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes).
 */
const refusals: Readonly<Record<number, Refusal>> = {
  0: 'tokenInvalid',
  1: 'providerDown',
  2: 'providerDown',
  3: 'rightMissing',
  4: 'rateLimited',
  10: 'rightMissing',
  190: 'tokenInvalid',
  368: 'accountBlocked',
  80007: 'rateLimited',
  130429: 'rateLimited',
  130472: 'deliveryHeldBack',
  130497: 'countryUnsupported',
  131000: 'providerDown',
  131005: 'rightMissing',
  131016: 'providerDown',
  131026: 'notOnService',
  131031: 'accountBlocked',
  131042: 'paymentMissing',
  [windowClosed]: 'windowClosed',
  131048: 'rateLimited',
  131049: 'deliveryHeldBack',
  131050: 'writingForbidden',
  131051: 'kindRefused',
  131052: 'fileRefused',
  131053: 'fileRefused',
  131056: 'rateLimited',
  131057: 'providerDown',
  132000: 'templateChanged',
  132001: 'templateUnknown',
  132005: 'templateRefused',
  132007: 'templateRefused',
  132012: 'templateChanged',
  132015: 'templatePaused',
  132016: 'templatePaused',
  132018: 'templateRefused',
  133004: 'providerDown',
  133010: 'rightMissing',
  133016: 'rateLimited',
};

/** Error codes of templates that changed at WhatsApp since we read them. */
export const templateErrors: ReadonlySet<string> = new Set(['132000', '132001', '132012', '132015', '132016']);

/** The part of the Graph API that messages need. */
export class WhatsappApi {
  readonly #config: WhatsappConfig;
  readonly #http: HttpClient;

  constructor(config: WhatsappConfig, http: HttpClient) {
    this.#config = config;
    this.#http = http;
  }

  /** The header for requests and downloads. */
  get authorization(): Readonly<Record<string, string>> {
    return { authorization: `Bearer ${this.#config.token}` };
  }

  /** Requests a path below the version. Rejects with a ServiceError. */
  ask(path: string, asked: Omit<HttpRequest, 'url'>): Promise<Fields> {
    const { api, version } = this.#config;
    const url = `${api.replace(/\/$/, '')}/${version}/${path}`;
    const headers = { ...this.authorization, ...asked.headers };
    return requestJson(this.#http, 'WhatsApp', { ...asked, url, headers }, (answer, _, wait) =>
      trouble(answer.error, wait),
    );
  }

  /** Posts JSON to a resource of the number. */
  post(resource: string, payload: object, signal: AbortSignal): Promise<Fields> {
    return this.ask(`${this.#config.phoneNumberId}/${resource}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(payload),
      signal,
    });
  }
}

/** Converts an error of the Graph API into a ServiceError; null if there is none. */
export function trouble(error: unknown, wait: number | null = null): ServiceError | null {
  const code = number(fields(error).code);
  return code === null ? null : refusal(meaningOf(code), { ...saidBy(error), after: wait });
}

/** Why a message was not delivered, by the error in its status. */
export function failureOf(error: unknown): Reason {
  const code = number(fields(error).code);
  if (code !== null) return refusalReason(meaningOf(code), saidBy(error));
  const said = saidBy(error).words;
  return reason('notDelivered', { provider, said: typeof said === 'string' ? cleanText(said, 200) : null });
}

const provider = 'WhatsApp';

/** The meaning of a code. 200 to 299 are missing rights of the token. */
function meaningOf(code: number): Refusal | null {
  return refusals[code] ?? (code >= 200 && code < 300 ? 'rightMissing' : null);
}

function saidBy(error: unknown): Said {
  const { code, message, title, error_data } = fields(error);
  const words = [fields(error_data).details, message, title].find((one) => typeof one === 'string' && one !== '');
  return { provider, error: number(code) ?? '?', words };
}
