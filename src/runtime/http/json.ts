import { cleanText } from '../../domain/directory/identifiers.ts';
import { reason } from '../../domain/reasons/reasons.ts';
import type { HttpAnswer, HttpClient, HttpRequest } from './client.ts';
import { type Fields, fields, parseJson } from './fields.ts';
import { retryAfter } from './retry-after.ts';
import { ServiceError } from './service-error.ts';

/**
 * Interprets the error in a service's answer; null if it reports none. `wait` is the requested delay in milliseconds.
 */
export type Judge = (answer: Fields, status: number, wait: number | null) => ServiceError | null;

/**
 * Makes a request to a JSON API. Rejects with a ServiceError. The error reported in the answer decides; otherwise the
 * status does. After a server error (5xx), it is unknown whether the request was carried out.
 */
export async function requestJson(
  http: HttpClient,
  service: string,
  request: HttpRequest,
  judge: Judge,
): Promise<Fields> {
  return fields(await requestValue(http, service, request, judge));
}

/** The same for an API that also answers with lists. */
export async function requestValue(
  http: HttpClient,
  service: string,
  request: HttpRequest,
  judge: Judge,
): Promise<object> {
  const found = await http.request(request);
  const value = parseJson(found.body);
  const trouble = judge(fields(value), found.status, retryAfter(found.headers, Date.now()));
  if (trouble !== null) throw trouble;
  if (found.status >= 300) throw statusTrouble(service, found);
  if (typeof value !== 'object' || value === null)
    throw new ServiceError('unknown', reason('answerUnreadable', { service }));
  return value;
}

/** The error for an unsuccessful status. */
export function statusTrouble(service: string, { status, headers, body }: HttpAnswer): ServiceError {
  const wait = retryAfter(headers, Date.now());
  const values = { service, status, said: cleanText(body, 200) };
  if (status === 408 || status === 425 || status === 429)
    return new ServiceError('later', reason('serviceBusy', values), wait);
  if (status === 401 || status === 403) return new ServiceError('access', reason('serviceDenied', values));
  if (status >= 500) return new ServiceError('unknown', reason('serviceFailed', values), wait);
  return new ServiceError('refused', reason('serviceRefused', values));
}

/** The body and header of a form. */
export function urlencoded(values: Readonly<Record<string, string>>) {
  return {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(values).toString(),
  };
}
