import type { HttpClient } from '../../../runtime/http/client.ts';
import { type Fields, fields, id, number, text } from '../../../runtime/http/fields.ts';
import { asServiceError } from '../../../runtime/http/service-error.ts';
import { tokenAuthority } from '../api/authority.ts';
import { PortalClient } from '../api/client.ts';
import { type Granted, invalidGrant, type OAuth } from './oauth.ts';
import type { AppConfig } from './settings.ts';
import type { Tokens } from './tokens.ts';

/** The tokens that an installation brings. Anybody can post one. */
export type Posted = Granted;

/** Proves that posted tokens are our application's, and returns tokens to use. Rejects with a ServiceError if not. */
export type Proof = (posted: Posted, signal: AbortSignal) => Promise<Granted>;

/** The tokens in the `auth` of an installation; null if some are missing. */
export function postedOf(auth: Fields): Posted | null {
  const [access, refresh, member] = [text(auth.access_token), text(auth.refresh_token), id(auth.member_id)];
  if (access === null || refresh === null || member === null) return null;
  const scopes = (text(auth.scope) ?? '').split(/[\s,]+/).filter((scope) => scope !== '');
  return { access, refresh, member, user: number(auth.user_id), scopes };
}

/**
 * The OAuth server exchanges only refresh tokens of our application, and says for which portal they are. It may refuse
 * to exchange them before the access token expires: then our portal is asked whose the access token is. That does not
 * prove the refresh token, which may have been exchanged already if the same installation is posted twice, so it never
 * replaces tokens that work.
 */
export function openProof(http: HttpClient, app: AppConfig, oauth: OAuth, tokens: () => Promise<Tokens | null>): Proof {
  const isOurs = async (access: string, signal: AbortSignal) => {
    const portal = new PortalClient({ http, authority: tokenAuthority(access, app) });
    return fields((await portal.call('app.info', {}, { signal })).result).CODE === app.clientId;
  };
  return async (posted, signal) => {
    try {
      return await oauth.refresh(posted.refresh, signal);
    } catch (error) {
      if (asServiceError(error).code !== invalidGrant) throw error;
      const known = await tokens();
      const works = known !== null && (await isOurs(known.access, signal).catch(() => false));
      if (works || !(await isOurs(posted.access, signal))) throw error;
      return posted;
    }
  };
}
