import { cleanText } from '../../../domain/directory/identifiers.ts';
import { reason } from '../../../domain/reasons/reasons.ts';
import { type Fields, text } from '../../../runtime/http/fields.ts';
import { ServiceError, type TroubleKind } from '../../../runtime/http/service-error.ts';

/** The name of the service in errors. */
export const service = '1C';

/**
 * The error in an answer of the extension; null if there is none. Everything that it takes may be sent again, so an internal error of 1C is
 * merely a reason to wait. A page instead of JSON comes from the web server: no session, no licence, a base that is being updated.
 */
export function extensionError(answer: Fields, status: number, wait: number | null): ServiceError | null {
  if (status < 300) return null;
  const code = text(answer.code) ?? '';
  if (code === '') return statusError(status, wait);
  const trouble: TroubleKind =
    answer.retryable === true || status >= 500 ? 'later' : status === 401 || status === 403 ? 'access' : 'refused';
  const words = typeof answer.message === 'string' ? cleanText(answer.message, 200) : '';
  const said = words === '' ? code : `${words} (${code})`;
  return new ServiceError(trouble, reason('methodRefused', { service, error: code, said }), wait, code);
}

function statusError(status: number, wait: number | null): ServiceError {
  const values = { service, status };
  if (status >= 500 || status === 406) return new ServiceError('later', reason('serviceFailed', values), wait);
  // 404: the extension is not published, which only an administrator can change.
  if (status === 401 || status === 403 || status === 404)
    return new ServiceError('access', reason('serviceDenied', values));
  return new ServiceError('refused', reason('serviceRefused', values));
}

/** An answer that is not what the contract says. It is asked for again, and nothing is concluded from it. */
export function unreadable(): ServiceError {
  return new ServiceError('later', reason('answerUnreadable', { service }));
}
