import { cleanText } from '../../domain/identifiers.ts';
import { ServiceError } from './errors.ts';
import { type Fields, fields, parseJson } from './fields.ts';
import { type HttpClient, type HttpRequest, retryAfter } from './http-client.ts';

/** What a service's own words of trouble mean, or null where it told of none. `wait`: what it asked for, in milliseconds. */
export type Judge = (answer: Fields, status: number, wait: number | null) => ServiceError | null;

/**
 * Asks an API that answers in JSON. Rejects with a ServiceError: the service's own words decide; without them the status
 * does, and then a server's error (5xx) leaves it unknown whether it did what it was asked.
 */
export async function askJson(http: HttpClient, service: string, asked: HttpRequest, judge: Judge): Promise<Fields> {
  const { status, headers, body } = await http.request(asked);
  const value = parseJson(body);
  const answer = fields(value);
  const wait = retryAfter(headers, Date.now());
  const told = judge(answer, status, wait);
  if (told !== null) throw told;
  const words = `${service} answered HTTP ${status}: ${cleanText(body, 200)}`;
  if (status === 429) throw new ServiceError('later', words, wait);
  if (status === 401 || status === 403) throw new ServiceError('access', words);
  if (status >= 500) throw new ServiceError('unknown', words, wait);
  if (status >= 300) throw new ServiceError('refused', words);
  if (typeof value !== 'object' || value === null)
    throw new ServiceError('unknown', `${service} answered something that is no JSON object`);
  return answer;
}

/** A form's body and header. */
export function urlencoded(values: Readonly<Record<string, string>>) {
  return {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(values).toString(),
  };
}
