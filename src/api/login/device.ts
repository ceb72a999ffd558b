import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { User } from '../../domain/access/access.ts';
import { sameSecret } from '../../runtime/secrets.ts';
import { isSecure } from '../cookie.ts';
import type { ApiDeps } from '../deps.ts';

/** Lifetime of the cookie after the last login, in seconds. */
const lifetime = 365 * 24 * 3600;

/**
 * Marks the browser as one that this user has logged in with, so that password guessing from elsewhere can't delay its owner. The
 * cookie is signed with the user's password hash: only the store knows it, and a new password invalidates the cookie. It
 * does not log anybody in.
 */
export function giveDevice(deps: ApiDeps, reply: FastifyReply, user: User): void {
  const known = knownDevice(reply.request, user);
  const id = known ?? randomBytes(12).toString('base64url');
  reply.setCookie(nameFor(user.login), `${id}.${sign(user, id)}`, {
    path: '/api/v1/session',
    httpOnly: true,
    sameSite: 'strict',
    secure: isSecure(deps, reply),
    maxAge: lifetime,
  });
}

/** Whether a request claims to come from a browser that this user has logged in with. The claim is not verified. */
export function mayBeKnown(request: FastifyRequest, login: string): boolean {
  return request.cookies[nameFor(login)] !== undefined;
}

/** The id of the browser when this user has logged in with it before, else null. */
export function knownDevice(request: FastifyRequest, user: User | null): string | null {
  if (user === null) return null;
  const [, id = '', signature = ''] =
    /^([A-Za-z0-9_-]{16})\.([A-Za-z0-9_-]{43})$/.exec(request.cookies[nameFor(user.login)] ?? '') ?? [];
  return sameSecret(signature, sign(user, id)) ? id : null;
}

/** One cookie per login, because people share computers. */
function nameFor(login: string): string {
  return `patchbay_device_${createHash('sha256').update(login).digest('hex').slice(0, 8)}`;
}

function sign({ login, passwordHash }: User, id: string): string {
  return createHmac('sha256', passwordHash).update(`device ${id} ${login}`).digest('base64url');
}
