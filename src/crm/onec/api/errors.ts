import { cleanText } from '../../../domain/directory/identifiers.ts';
import { reason } from '../../../domain/reasons/reasons.ts';
import type { HttpAnswer } from '../../../runtime/http/client.ts';
import { fields, id, parseJson, text } from '../../../runtime/http/fields.ts';
import { retryAfter } from '../../../runtime/http/retry-after.ts';
import { ServiceError, type TroubleKind } from '../../../runtime/http/service-error.ts';

/** The name of the service in errors. */
export const service = '1C';

/** Codes of OData errors (documentation of the platform, section on the standard OData interface). */
export const code = {
  raised: '-1',
  entityMissing: '8',
  instanceMissing: '9',
  propertyMissing: '10',
  keyExists: '15',
  notAssigned: '16',
  noRights: '20',
  /** A session that we kept has ended. Our own code: 1C has none. */
  sessionEnded: 'session',
} as const;

/** Codes after which the metadata is checked again: a release may have renamed something. */
export const smellsOfRename: ReadonlySet<string | null> = new Set([
  code.entityMissing,
  code.propertyMissing,
  code.notAssigned,
]);

/** What the codes mean. All others refuse this request for good. */
const troubles: Readonly<Record<string, TroubleKind>> = {
  [code.entityMissing]: 'access',
  [code.noRights]: 'access',
};

/** Texts of the platform and of БСП, which have no code. */
const locked = /конфликт блокировок|ожидания предоставления блокировки|взаимоблокировк|deadlock/i;
const noSession = /лицензи|ожидания сеанса|licen[cs]e/i;
const sessionGone = /сеанс отсутствует|session (?:not found|is missing)/i;
const closed =
  /в связи с обновлением|начало сеанса с информационной базой запрещено|исключительной блокировки|монопольн|соединения с информационной базой запрещены/i;

/** The status of a change that was refused since somebody else was quicker. */
const changedMeanwhile = 412;

/** How much of a page is searched. */
const longestPage = 10_000;

/** The error in an answer; null if it is JSON without one. */
export function answerError(answer: HttpAnswer): ServiceError | null {
  const isJson = (answer.headers['content-type'] ?? '').includes('json');
  if (!isJson) return pageError(answer);
  const error = fields(fields(parseJson(answer.body))['odata.error']);
  const found = id(error.code);
  if (found === null) return answer.status < 300 ? null : pageError(answer);
  return codeError(found, text(fields(error.message).value) ?? '', answer);
}

function codeError(found: string, message: string, { status, headers }: HttpAnswer): ServiceError {
  const said = cleanText(message, 300);
  if (found === code.raised && locked.test(message))
    return new ServiceError('later', reason('baseLocked', { service, said }), null, found);
  if (status === changedMeanwhile)
    return new ServiceError('later', reason('baseLocked', { service, said }), null, found);
  const refused = reason('methodRefused', { service, error: found, said });
  return new ServiceError(troubles[found] ?? 'refused', refused, retryAfter(headers, Date.now()), found);
}

/**
 * An answer that is not OData's: of the web server, of a proxy, or of the platform before a session began. Only the
 * platform's texts tell them apart.
 */
function pageError({ status, headers, body }: HttpAnswer): ServiceError {
  const page = body.slice(0, longestPage);
  const said = cleanText(page.replace(/<[^<>]*>/g, ' '), 300);
  const wait = retryAfter(headers, Date.now());
  if (sessionGone.test(page))
    return new ServiceError('later', reason('baseBusy', { service, said }), wait, code.sessionEnded);
  if (status === 406 || noSession.test(page))
    return new ServiceError('later', reason('baseBusy', { service, said }), wait);
  if (closed.test(page)) return new ServiceError('later', reason('baseClosed', { service, said }), wait);
  if (status === 408 || status === 425 || status === 429)
    return new ServiceError('later', reason('serviceBusy', { service, status, said }), wait);
  if (status === 401 || status === 403)
    return new ServiceError('access', reason('serviceDenied', { service, status, said }));
  const odd = reason('basePage', { service, status, said });
  return new ServiceError(status >= 500 ? 'unknown' : status < 300 ? 'later' : 'access', odd, wait);
}
