import { cleanText } from '../../domain/directory/identifiers.ts';
import { reason } from '../../domain/reasons/reasons.ts';
import type { HttpAnswer, HttpClient, HttpRequest } from './client.ts';
import { type Fields, fields, parseJson } from './fields.ts';
import { retryAfter } from './retry-after.ts';
import { ServiceError } from './service-error.ts';

/** What a service's own words of trouble mean, or null where it told of none. `wait`: what it asked for, in milliseconds. */
export type Judge = (answer: Fields, status: number, wait: number | null) => ServiceError | null;

/**
 * Asks an API that answers in JSON. Rejects with a ServiceError: the service's own words decide; without them the status
 * does, and then a server's error (5xx) leaves it unknown whether it did what it was asked.
 */
export async function askJson(http: HttpClient, service: string, asked: HttpRequest, judge: Judge): Promise<Fields> {
  const found = await http.request(asked);
  const value = parseJson(found.body);
  const answer = fields(value);
  const told = judge(answer, found.status, retryAfter(found.headers, Date.now()));
  if (told !== null) throw told;
  if (found.status >= 300) throw statusTrouble(service, found);
  if (typeof value !== 'object' || value === null)
    throw new ServiceError('unknown', reason('answerUnreadable', { service }));
  return answer;
}

/** What a status that tells of no success means. */
export function statusTrouble(service: string, { status, headers, body }: HttpAnswer): ServiceError {
  const wait = retryAfter(headers, Date.now());
  const told = { service, status, said: cleanText(body, 200) };
  if (status === 408 || status === 425 || status === 429)
    return new ServiceError('later', reason('serviceBusy', told), wait);
  if (status === 401 || status === 403) return new ServiceError('access', reason('serviceDenied', told));
  if (status >= 500) return new ServiceError('unknown', reason('serviceFailed', told), wait);
  return new ServiceError('refused', reason('serviceRefused', told));
}

/** A form's body and header. */
export function urlencoded(values: Readonly<Record<string, string>>) {
  return {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(values).toString(),
  };
}
