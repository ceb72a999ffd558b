import { reason } from '../../../domain/reasons/reasons.ts';
import type { HttpAnswer, HttpClient, HttpRequest } from '../../../runtime/http/client.ts';
import { type Fields, fields, parseJson } from '../../../runtime/http/fields.ts';
import { asServiceError, ServiceError } from '../../../runtime/http/service-error.ts';
import type { Budget } from '../../shared/budget.ts';
import type { Base, CallOptions, Key, ListQuery } from './base.ts';
import { answerError, code, service } from './errors.ts';
import type { KeptSessions } from './kept-sessions.ts';
import { guid } from './literals.ts';

/** Larger answers are errors, in bytes. The largest expected ones are pages of a sweep, of about 1 MB. */
const largestAnswer = 16 * 1024 * 1024;

/** Dependencies of the client. */
export interface ClientParts {
  readonly http: HttpClient;
  /** The address of the OData interface, with a slash at the end. */
  readonly root: string;
  readonly username: string;
  readonly password: string;
  /** The sessions that the base gives us. */
  readonly sessions: Budget;
  /** Whether sessions go on from one request to the next; null if each request has its own. */
  readonly kept?: KeptSessions | null;
  /** Follows how requests end. */
  readonly observe?: (error: ServiceError | null) => void;
}

/** The `Authorization` of a user. 1C reads names and passwords as UTF-8. */
export function basicAuthorization(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;
}

/** Reads and writes an infobase over HTTP, with a limited number of sessions at once. */
export class ODataClient implements Base {
  readonly #parts: ClientParts;

  constructor(parts: ClientParts) {
    this.#parts = parts;
  }

  async list(set: string, query: ListQuery, options: CallOptions): Promise<readonly Fields[]> {
    const answer = await this.#json({ method: 'GET', url: this.#url(set, null, optionsOf(query)) }, options);
    if (!Array.isArray(answer.value)) throw unreadable();
    return answer.value.map(fields);
  }

  async count(set: string, query: Pick<ListQuery, 'filter' | 'allowedOnly'>, options: CallOptions): Promise<number> {
    const url = this.#url(set, null, optionsOf(query), '/$count');
    const { body } = await this.#request({ method: 'GET', url }, options, countError);
    const digits = /^\uFEFF?(\d{1,15})$/.exec(body.trim())?.[1];
    if (digits === undefined) throw unreadable();
    return Number(digits);
  }

  async read(set: string, key: Key, select: readonly string[], options: CallOptions): Promise<Fields | null> {
    try {
      return await this.#json({ method: 'GET', url: this.#url(set, key, optionsOf({ select })) }, options);
    } catch (error) {
      if (asServiceError(error).code === code.instanceMissing) return null;
      throw error;
    }
  }

  create(set: string, given: Fields, options: CallOptions): Promise<Fields> {
    return this.#json({ method: 'POST', url: this.#url(set, null, []), body: JSON.stringify(given) }, options);
  }

  update(
    set: string,
    key: Key,
    changes: Fields,
    { version, ...options }: CallOptions & { readonly version?: string },
  ): Promise<Fields> {
    const request = { method: 'PATCH', url: this.#url(set, key, []), body: JSON.stringify(changes) } as const;
    return this.#json(version === undefined ? request : { ...request, headers: { 'if-match': version } }, options);
  }

  #url(set: string, key: Key | null, query: readonly Option[], rest = ''): string {
    const path = `${encodeURIComponent(set)}${key === null ? '' : `(${keyText(key)})`}${rest}`;
    const text = query.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
    return `${this.#parts.root}${path}${text === '' ? '' : `?${text}`}`;
  }

  async #json(request: HttpRequest, options: CallOptions): Promise<Fields> {
    const { body } = await this.#request(request, options, answerError);
    const value = parseJson(body);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return fields(value);
    throw unreadable(request.method === 'GET' ? 'later' : 'unknown');
  }

  async #request(
    request: HttpRequest,
    options: CallOptions,
    judge: (answer: HttpAnswer) => ServiceError | null,
  ): Promise<HttpAnswer> {
    const { observe } = this.#parts;
    try {
      const answer = await this.#judged(request, options, judge);
      observe?.(null);
      return answer;
    } catch (error) {
      const trouble = asServiceError(error);
      if (!options.signal.aborted) observe?.(trouble);
      throw trouble;
    }
  }

  /** A kept session may have ended. Then nothing was carried out, and the next one is tried at once. */
  async #judged(
    request: HttpRequest,
    options: CallOptions,
    judge: (answer: HttpAnswer) => ServiceError | null,
  ): Promise<HttpAnswer> {
    const { kept = null } = this.#parts;
    for (;;) {
      const session = kept?.take() ?? {};
      const answer = await this.#send({ ...request, headers: { ...request.headers, ...session } }, options);
      const trouble = ofWrite(request, answer, judge(answer));
      if (trouble?.code === code.sessionEnded && session.cookie !== undefined) continue;
      if (trouble !== null) throw trouble;
      kept?.give(session, answer.headers);
      return answer;
    }
  }

  async #send(request: HttpRequest, { signal, timeout, urgency = 'usual' }: CallOptions): Promise<HttpAnswer> {
    const { http, sessions, username, password } = this.#parts;
    const limited = timeout === undefined ? signal : AbortSignal.any([signal, AbortSignal.timeout(timeout)]);
    const landed = await sessions.take(urgency, limited).catch(() => {
      throw new ServiceError('later', reason('limitReached', { service }));
    });
    try {
      const answer = await http.request({
        ...request,
        headers: {
          ...request.headers,
          authorization: basicAuthorization(username, password),
          accept: 'application/json;odata=nometadata',
          ...(request.body !== undefined && { 'content-type': 'application/json' }),
        },
        signal,
        ...(timeout !== undefined && { timeout }),
        cutAt: largestAnswer,
      });
      if (Buffer.byteLength(answer.body) >= largestAnswer)
        throw new ServiceError('unknown', reason('answerTooLong', { service, bytes: largestAnswer }));
      return answer;
    } finally {
      landed();
    }
  }
}

/**
 * An answer that is not what the documentation says. It is asked for again, and nothing is concluded from it: a write
 * may have been carried out, so its trouble is `unknown`.
 */
export function unreadable(trouble: 'later' | 'unknown' = 'later'): ServiceError {
  return new ServiceError(trouble, reason('answerUnreadable', { service }));
}

/** A page that says that all is well tells nothing about a write: it may stand for the answer that got lost. */
function ofWrite({ method }: HttpRequest, { status }: HttpAnswer, trouble: ServiceError | null): ServiceError | null {
  if (trouble === null || method === 'GET' || status >= 300) return trouble;
  return new ServiceError('unknown', trouble.reason, trouble.after, trouble.code);
}

/** A count is a plain text, unlike all other answers. */
function countError(answer: HttpAnswer): ServiceError | null {
  return answer.status === 200 && (answer.headers['content-type'] ?? '').startsWith('text/plain')
    ? null
    : (answerError(answer) ?? unreadable());
}

type Option = readonly [name: string, value: string];

function optionsOf(query: Partial<ListQuery>): readonly Option[] {
  const { select, filter, orderby, top, skip, allowedOnly } = query;
  return [
    ...(select === undefined || select.length === 0 ? [] : [['$select', select.join(',')] as const]),
    ...(filter === undefined ? [] : [['$filter', filter] as const]),
    ...(orderby === undefined ? [] : [['$orderby', orderby] as const]),
    ...(top === undefined ? [] : [['$top', String(top)] as const]),
    ...(skip === undefined ? [] : [['$skip', String(skip)] as const]),
    ...(allowedOnly === true ? [['allowedOnly', 'true'] as const] : []),
  ];
}

function keyText(key: Key): string {
  if (typeof key === 'string') return guid(key);
  return Object.entries(key)
    .map(([name, literal]) => `${encodeURIComponent(name)}=${encodeURIComponent(literal)}`)
    .join(',');
}
