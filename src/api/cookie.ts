import { createHash, randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { NewSession } from '../domain/ports/access-writes.ts';
import type { ApiDeps } from './deps.ts';
import { written } from './problem.ts';

/** The session cookie over plain HTTP. */
export const plainCookie = 'patchbay_session';
/** The session cookie over HTTPS. Browsers accept this prefix only from this host and over HTTPS (RFC 6265bis, 4.1.3.2). */
const hostCookie = `__Host-${plainCookie}`;

const defaultLifetime = 12 * 3600_000;
/** A session ends this long after its login even when it is in use: a stolen cookie must not work for ever. */
const maxSessionAge = 7 * 24 * 3600_000;
/** Characters kept of the User-Agent header. */
const maxAgentLength = 200;
const randomBytesOfToken = 32;
const bytesOfTime = 6;

/** A token of random bytes and the login time. Only its hash is stored, so that the time can't be forged. */
function newSessionToken(now: number): string {
  const token = randomBytes(randomBytesOfToken + bytesOfTime);
  token.writeUIntBE(now, randomBytesOfToken, bytesOfTime);
  return token.toString('base64url');
}

/** The latest end of the session with this token, in milliseconds since the epoch. */
function latestEnd(token: string): number {
  const bytes = Buffer.from(token, 'base64url');
  const whole = bytes.length === randomBytesOfToken + bytesOfTime;
  return whole ? bytes.readUIntBE(randomBytesOfToken, bytesOfTime) + maxSessionAge : 0;
}

/** The hash of a cookie or token, which is stored instead of it. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** The session cookie of a request, or null. When the public URL is HTTPS, the plain cookie is ignored. */
export function readCookie({ settings }: Pick<ApiDeps, 'settings'>, header: string | undefined): string | null {
  const cookies = (header ?? '').split(';').map((part) => part.trim());
  const cookieValue = (name: string) => cookies.find((cookie) => cookie.startsWith(`${name}=`))?.slice(name.length + 1);
  const value =
    cookieValue(hostCookie) ?? (settings.publicUrl.startsWith('https:') ? undefined : cookieValue(plainCookie));
  return value !== undefined && /^[A-Za-z0-9_-]{20,128}$/.test(value) ? value : null;
}

/** Whether the browser uses HTTPS, to us or to a trusted proxy. Its cookies are then for HTTPS only. */
export function isSecure({ settings }: ApiDeps, reply: FastifyReply): boolean {
  return settings.publicUrl.startsWith('https:') || reply.request.protocol === 'https';
}

/** Removes the session cookie from the browser. */
export function clearSession(deps: ApiDeps, reply: FastifyReply): FastifyReply {
  const secure = isSecure(deps, reply);
  return reply.clearCookie(secure ? hostCookie : plainCookie, { path: '/', secure });
}

/** Stores a session, and gives the browser its cookie. */
async function giveSession(
  deps: ApiDeps,
  reply: FastifyReply,
  { token, ...session }: NewSession & { readonly token: string },
): Promise<void> {
  const { expiresAt } = session;
  const agent = reply.request.headers['user-agent']?.slice(0, maxAgentLength) ?? null;
  const createdAt = latestEnd(token) - maxSessionAge;
  written((await deps.intake.apply([{ op: 'open-session', session: { ...session, createdAt, agent } }]))[0]);
  const secure = isSecure(deps, reply);
  reply.setCookie(secure ? hostCookie : plainCookie, token, {
    path: '/',
    httpOnly: true,
    sameSite: 'strict',
    secure,
    maxAge: Math.floor((expiresAt - deps.clock.now()) / 1000),
  });
}

/** Opens a session for a user who has just logged in. */
export async function openSession(deps: ApiDeps, reply: FastifyReply, login: string): Promise<void> {
  const now = deps.clock.now();
  const token = newSessionToken(now);
  await giveSession(deps, reply, { login, token, tokenHash: hashToken(token), expiresAt: now + lifetimeOf(deps) });
}

/**
 * Extends a session that is in use and past half of its life, so that nobody is logged out during a call. It still ends a week
 * after the login.
 */
export async function renewSession(
  deps: ApiDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  session: NewSession,
): Promise<void> {
  const now = deps.clock.now();
  const token = readCookie(deps, request.headers.cookie);
  if (token === null || session.expiresAt - now > lifetimeOf(deps) / 2) return;
  const expiresAt = Math.min(now + lifetimeOf(deps), latestEnd(token));
  if (expiresAt <= session.expiresAt) return;
  try {
    await giveSession(deps, reply, { ...session, token, expiresAt });
  } catch (error) {
    // The session is still valid for half of its life, so the request itself goes on.
    deps.log.warn({ err: error }, 'extending a session failed');
  }
}

function lifetimeOf({ settings }: ApiDeps): number {
  return settings.sessionLifetime ?? defaultLifetime;
}
