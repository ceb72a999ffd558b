import { reason } from '../../../domain/reasons/reasons.ts';
import type { HttpClient } from '../../../runtime/http/client.ts';
import { type Fields, id, number, text } from '../../../runtime/http/fields.ts';
import { requestJson } from '../../../runtime/http/json.ts';
import { ServiceError } from '../../../runtime/http/service-error.ts';
import { service } from '../api/errors.ts';
import type { AppConfig } from './settings.ts';
import type { Tokens } from './tokens.ts';

/** The server no longer knows the refresh token or the code. */
export const invalidGrant = 'invalid_grant';

/** What the server gives; the token of events comes from the portal itself. */
export type Granted = Omit<Tokens, 'application'>;

/** The OAuth server of Bitrix24, which also knows the applications of self-hosted portals. */
export interface OAuth {
  /** Exchanges a refresh token, which can't be used again. Rejects with a ServiceError. */
  refresh(refreshToken: string, signal: AbortSignal): Promise<Granted>;
  /** Exchanges a code that a browser brought; it lives for 30 s. Rejects with a ServiceError. */
  exchange(code: string, signal: AbortSignal): Promise<Granted>;
}

/** Opens the OAuth server for an application. Grants for other portals than the configured one are refused. */
export function openOAuth(http: HttpClient, app: AppConfig): OAuth {
  const server = (app.oauth ?? 'https://oauth.bitrix.info').replace(/\/$/, '');
  async function ask(grant: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Granted> {
    const query = new URLSearchParams({ ...grant, client_id: app.clientId, client_secret: app.clientSecret });
    const request = { url: `${server}/oauth/token/?${query}`, headers: { accept: 'application/json' }, signal };
    return grantedOf(await requestJson(http, service, request, oauthError), app);
  }
  return {
    refresh: (token, signal) => ask({ grant_type: 'refresh_token', refresh_token: token }, signal),
    exchange: (code, signal) => ask({ grant_type: 'authorization_code', code }, signal),
  };
}

function grantedOf(answer: Fields, { portal }: AppConfig): Granted {
  const [access, refresh] = [text(answer.access_token), text(answer.refresh_token)];
  const [member, endpoint] = [id(answer.member_id), text(answer.client_endpoint)];
  if (access === null || refresh === null || member === null)
    throw new ServiceError('unknown', reason('answerUnclear', { service }));
  if (endpoint !== null && !isOf(portal, endpoint))
    throw new ServiceError('access', reason('otherPortal', { portal: hostOf(portal) }));
  const scopes = (text(answer.scope) ?? '').split(/[\s,]+/).filter((scope) => scope !== '');
  return { access, refresh, member, user: number(answer.user_id), scopes };
}

/** Whether an address is at the portal, with or without TLS. */
export function isOf(portal: string, address: string): boolean {
  return URL.canParse(address) && hostOf(address) === hostOf(portal);
}

/** Host and port of an address. */
export function hostOf(address: string): string {
  return new URL(address).host.toLowerCase();
}

function oauthError(answer: Fields, status: number, wait: number | null): ServiceError | null {
  if (!('error' in answer)) return null;
  const code = text(answer.error) ?? '';
  if (code === 'invalid_client') return new ServiceError('access', reason('appSecretWrong', { service }), wait, code);
  const trouble = status >= 500 ? 'unknown' : 'access';
  const why = reason('methodRefused', { service, error: code });
  return new ServiceError(trouble, why, wait, code);
}
