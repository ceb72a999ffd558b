import { createHash, randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { NewSession } from '../domain/ports/access-writes.ts';
import type { ApiDeps } from './deps.ts';
import { written } from './problem.ts';

/** The cookie of a browser's session over plain HTTP. */
export const plainCookie = 'patchbay_session';
/** Over HTTPS: a browser takes it from this very host only, over HTTPS only (RFC 6265bis, 4.1.3.2). */
const hostCookie = `__Host-${plainCookie}`;

const defaultLifetime = 12 * 3600_000;
/** However busy it is, a session ends this long after its login: a stolen cookie must not open the desk for ever. */
const longestSession = 7 * 24 * 3600_000;
/** Of what a browser says it is. */
const longestAgent = 200;
const randomBytesOfToken = 32;
const bytesOfTime = 6;

/** A new session's token: random bytes and the time of its login. Only its hash is kept, so that nobody can set the time anew. */
function newSessionToken(now: number): string {
  const token = randomBytes(randomBytesOfToken + bytesOfTime);
  token.writeUIntBE(now, randomBytesOfToken, bytesOfTime);
  return token.toString('base64url');
}

/** When the session of this token must end at the latest, in milliseconds since the epoch. */
function latestEnd(token: string): number {
  const bytes = Buffer.from(token, 'base64url');
  const whole = bytes.length === randomBytesOfToken + bytesOfTime;
  return whole ? bytes.readUIntBE(randomBytesOfToken, bytesOfTime) + longestSession : 0;
}

/** What is stored of a cookie or token. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** The session's cookie as a request carries it, or null. Where browsers come by HTTPS, the one over plain HTTP counts for nothing. */
export function readCookie({ settings }: Pick<ApiDeps, 'settings'>, header: string | undefined): string | null {
  const cookies = (header ?? '').split(';').map((part) => part.trim());
  const named = (name: string) => cookies.find((cookie) => cookie.startsWith(`${name}=`))?.slice(name.length + 1);
  const value = named(hostCookie) ?? (settings.publicUrl.startsWith('https:') ? undefined : named(plainCookie));
  return value !== undefined && /^[A-Za-z0-9_-]{20,128}$/.test(value) ? value : null;
}

/** Whether the browser speaks HTTPS to us, or to the proxy before us that says so: its cookies are for HTTPS only then. */
export function isSecure({ settings }: ApiDeps, reply: FastifyReply): boolean {
  return settings.publicUrl.startsWith('https:') || reply.request.protocol === 'https';
}

/** Takes the browser's cookie away. */
export function clearSession(deps: ApiDeps, reply: FastifyReply): FastifyReply {
  const secure = isSecure(deps, reply);
  return reply.clearCookie(secure ? hostCookie : plainCookie, { path: '/', secure });
}

/** A session of who holds `token` until `expiresAt`: kept, and given to the browser as its cookie. */
async function giveSession(
  deps: ApiDeps,
  reply: FastifyReply,
  { token, ...session }: NewSession & { readonly token: string },
): Promise<void> {
  const { expiresAt } = session;
  const agent = reply.request.headers['user-agent']?.slice(0, longestAgent) ?? null;
  const createdAt = latestEnd(token) - longestSession;
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

/** Opens a session for who has just shown who he is. */
export async function openSession(deps: ApiDeps, reply: FastifyReply, login: string): Promise<void> {
  const now = deps.clock.now();
  const token = newSessionToken(now);
  await giveSession(deps, reply, { login, token, tokenHash: hashToken(token), expiresAt: now + lifetimeOf(deps) });
}

/** Lengthens a session that is in use and past its half, up to a week after its login: whoever works is not logged out in the middle of a call. */
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
    // It still holds for half its life; what was asked for matters more.
    deps.log.warn({ err: error }, 'a session could not be lengthened');
  }
}

function lifetimeOf({ settings }: ApiDeps): number {
  return settings.sessionLifetime ?? defaultLifetime;
}
