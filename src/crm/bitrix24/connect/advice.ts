import type { ServiceError } from '../../../runtime/http/service-error.ts';

/** What to do about an error of the portal, for an administrator. */
export function adviceOn(error: ServiceError, isApp: boolean): string {
  const advice = adviceOf(error.code, isApp);
  return advice === null ? error.message : `${error.message}; ${advice}`;
}

function adviceOf(code: string | null, isApp: boolean): string | null {
  switch (code) {
    case 'ACCESS_DENIED':
      return 'REST needs a paid plan with a Market subscription (self-hosted: an active licence), and the user needs the right to this section';
    case 'NO_AUTH_FOUND':
    case 'invalid_token':
      return isApp
        ? 'install the application again'
        : 'copy the address of the webhook again: it was changed or deleted';
    case 'insufficient_scope':
      return `tick the permission in the ${isApp ? 'application' : 'webhook'} in the portal`;
    case 'INVALID_CREDENTIALS':
    case 'user_access_error':
      return `the user of the ${isApp ? 'application' : 'webhook'} lacks this right: use an administrator`;
    case 'WRONG_AUTH_TYPE':
      return 'a webhook may not call this: create a local application, and use `app` instead of `webhook`';
    case 'ERROR_METHOD_NOT_FOUND':
      return 'this portal does not know the method: update it';
    case 'OVERLOAD_LIMIT':
      return 'Bitrix24 has blocked REST for this portal by hand: ask its support';
    case 'PORTAL_DELETED':
      return 'the portal was deleted';
    default:
      return null;
  }
}
