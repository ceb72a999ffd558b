import { cleanText } from '../../../domain/directory/identifiers.ts';
import { reason } from '../../../domain/reasons/reasons.ts';
import { type Fields, text } from '../../../runtime/http/fields.ts';
import { ServiceError, type TroubleKind } from '../../../runtime/http/service-error.ts';

/** The name of the service in errors. */
export const service = 'Bitrix24';

/** The token has expired, and is to be renewed. */
export const expiredToken = 'expired_token';

/** Codes of tokens that the portal does not accept. */
export const tokenRefused: ReadonlySet<string | null> = new Set([expiredToken, 'invalid_token', 'NO_AUTH_FOUND']);

/** The portal takes no more requests for now. */
export const tooManyRequests = 'QUERY_LIMIT_EXCEEDED';

/** A method has worked too long for us, and rests. */
export const methodRests = 'OPERATION_TIME_LIMIT';

/** The portal's plan does not have this. */
export const wrongLicence = 'WRONG_LICENSE';

/**
 * What the portal's error codes mean (https://apidocs.bitrix24.com, section on errors). Other codes are judged by the
 * status: a code below 500 refuses this request for good.
 */
const troubles: Readonly<Record<string, TroubleKind>> = {
  [tooManyRequests]: 'later',
  [methodRests]: 'later',
  OVERLOAD_LIMIT: 'access',
  [expiredToken]: 'access',
  NO_AUTH_FOUND: 'access',
  invalid_token: 'access',
  ACCESS_DENIED: 'access',
  INVALID_CREDENTIALS: 'access',
  insufficient_scope: 'access',
  user_access_error: 'access',
  WRONG_AUTH_TYPE: 'access',
  ERROR_METHOD_NOT_FOUND: 'access',
  PAYMENT_REQUIRED: 'access',
  PORTAL_DELETED: 'access',
  // The server may have carried out a part before it failed.
  INTERNAL_SERVER_ERROR: 'unknown',
  ERROR_UNEXPECTED_ANSWER: 'unknown',
};

/** Statuses below 500 that say by themselves what is wrong. */
const clearStatuses = [401, 403, 408, 425, 429];

/**
 * The error in an answer; null if there is none. The key decides: its value may be an empty string. The portal names
 * the error of what it refuses, so a refusal without one was cut off, or is not the portal's.
 */
export function portalError(answer: Fields, status: number, wait: number | null): ServiceError | null {
  if (!('error' in answer)) {
    const isUnclear = status >= 400 && status < 500 && !clearStatuses.includes(status);
    return isUnclear ? new ServiceError('unknown', reason('answerUnclear', { service }), wait) : null;
  }
  const code = text(answer.error) ?? '';
  const words = typeof answer.error_description === 'string' ? cleanText(answer.error_description, 200) : '';
  const trouble = troubles[code] ?? (status >= 500 ? 'unknown' : 'refused');
  const said = words === '' ? code : `${words} (${code})`;
  return new ServiceError(trouble, reason('methodRefused', { service, error: code, said }), wait, code);
}

/** An answer that is not what the documentation says. It is asked for again, and nothing is concluded from it. */
export function unreadable(): ServiceError {
  return new ServiceError('later', reason('answerUnreadable', { service }));
}
