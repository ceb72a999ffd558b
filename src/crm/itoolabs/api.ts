import { reason } from '../../domain/reasons/reasons.ts';
import { HttpClient } from '../../runtime/http/client.ts';
import { statusTrouble } from '../../runtime/http/json.ts';
import { asServiceError, healthOf, ServiceError } from '../../runtime/http/service-error.ts';
import type { CoreContext } from '../contract.ts';
import { type FormFields, formBody } from './form.ts';
import type { ItoolabsConfig } from './schema.ts';

/** How long one request may take, and what ends it earlier. */
export interface SendOptions {
  readonly signal: AbortSignal;
  /** Milliseconds; by default the configured time. */
  readonly timeout?: number;
}

/** The CRM's telephony service. Both methods reject with a {@link ServiceError}. */
export interface TelephonyService {
  /** Posts one message and returns the body of the answer, which may be empty. */
  send(cmd: 'event' | 'history' | 'contact', fields: FormFields, options: SendOptions): Promise<string>;
  /** Looks whether the service is there. УНФ answers without looking at the key. */
  ping(signal: AbortSignal): Promise<void>;
}

/** Answers are short. A longer one is a page of something that is not the service. */
const maxAnswer = 64 * 1024;

/** Opens the CRM's telephony service. */
export function openService(
  config: ItoolabsConfig,
  { name, reportState }: Pick<CoreContext, 'name' | 'reportState'>,
): TelephonyService {
  // A message that arrives twice does no harm, so that connections are used again.
  const http = new HttpClient(name, config, config.url, 'pooled');
  const url = serviceUrl(config.url);
  const login = authorisation(config);

  async function request(options: Parameters<HttpClient['request']>[0]): Promise<string> {
    try {
      const answer = await http.request({ ...options, cutAt: maxAnswer });
      const { status, body } = answer;
      // УНФ answers 400 to a wrong key and to wrong fields alike, and ours are right.
      if (status === 400) throw new ServiceError('access', reason('keyRefused', { service: name }), null, '400');
      // A base that is not published, or under another address.
      if (status === 404) throw new ServiceError('access', reason('serviceMissing', { service: name }), null, '404');
      // 1C has no free session.
      if (status === 406) throw new ServiceError('later', reason('serviceBusy', { service: name, status }));
      if (status >= 300 && status < 400)
        throw new ServiceError('access', reason('redirected', { service: name, status }));
      if (status >= 300) throw statusTrouble(name, answer);
      // A proxy or a form to log in answers with a page; the service never does.
      if (/^\s*</.test(body)) throw new ServiceError('unknown', reason('answerUnreadable', { service: name }));
      reportState('ready', null);
      return body;
    } catch (error) {
      const trouble = asServiceError(error);
      // Requests that we gave up ourselves, and those that were refused one by one, say nothing of the connection.
      if (trouble.trouble !== 'refused' && options.signal?.aborted !== true)
        reportState(healthOf(trouble), trouble.reason);
      throw error;
    }
  }

  return {
    send: (cmd, fields, { signal, timeout }) =>
      request({
        method: 'POST',
        url,
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...login },
        body: formBody({ cmd, crm_token: config.key, ...fields }),
        signal,
        ...(timeout !== undefined && { timeout }),
      }),
    ping: async (signal) => {
      await request({ url: new URL('ping', url).href, headers: login, signal });
    },
  };
}

/** УНФ's service is a folder: without the slash at the end it is not found. */
export function serviceUrl(url: string): string {
  return url.endsWith('/hs/telephony/itoolabs') ? `${url}/` : url;
}

function authorisation({ username, password = '' }: ItoolabsConfig): Readonly<Record<string, string>> {
  if (username === undefined) return {};
  return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
}
