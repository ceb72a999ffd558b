import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ApiDeps } from './deps.ts';
import { written } from './problem.ts';

/** The cookie of a browser's session. */
export const sessionCookie = 'patchbay_session';

const defaultLifetime = 12 * 3600_000;
/** However busy it is, a session ends this long after its login: a cookie that was taken away does not open the desk for ever. */
const longestSession = 30 * 24 * 3600_000;

/** The session's cookie as a request carries it, or null. */
export function readCookie(header: string | undefined): string | null {
  const found = header?.split(';').find((part) => part.trim().startsWith(`${sessionCookie}=`));
  const value = found?.slice(found.indexOf('=') + 1).trim();
  return value !== undefined && /^[A-Za-z0-9_-]{20,128}$/.test(value) ? value : null;
}

/** A session of who holds `token` from now on: kept, and given to the browser as its cookie. */
export async function giveSession(
  deps: ApiDeps,
  reply: FastifyReply,
  session: { readonly login: string; readonly token: string; readonly tokenHash: string },
): Promise<void> {
  const lifetime = deps.settings.sessionLifetime ?? defaultLifetime;
  const { login, token, tokenHash } = session;
  const expiresAt = deps.clock.now() + lifetime;
  written((await deps.intake.apply([{ op: 'open-session', session: { tokenHash, login, expiresAt } }]))[0]);
  reply.setCookie(sessionCookie, token, {
    path: '/',
    httpOnly: true,
    sameSite: 'strict',
    // Also where only the proxy before us speaks TLS, and tells so.
    secure: deps.settings.publicUrl.startsWith('https:') || reply.request.protocol === 'https',
    maxAge: Math.floor(lifetime / 1000),
  });
}

/** Lengthens a session that is in use and past its half: whoever works is not logged out in the middle of a call. */
export async function renewSession(
  deps: ApiDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  session: { readonly login: string; readonly tokenHash: string; readonly expiresAt: number },
): Promise<void> {
  const left = session.expiresAt - deps.clock.now();
  const token = readCookie(request.headers.cookie);
  if (token === null || left > (deps.settings.sessionLifetime ?? defaultLifetime) / 2) return;
  try {
    await giveSession(deps, reply, { ...session, token });
  } catch (error) {
    // It still holds for half its life; what was asked for matters more.
    deps.log.warn({ err: error }, 'a session could not be lengthened');
  }
}
