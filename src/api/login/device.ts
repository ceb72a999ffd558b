import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { User } from '../../domain/access/access.ts';
import { sameSecret } from '../../runtime/secrets.ts';
import { isSecure } from '../cookie.ts';
import type { ApiDeps } from '../deps.ts';

/** Seconds that a browser keeps it after the last login. */
const lifetime = 365 * 24 * 3600;

/**
 * A browser in which somebody has logged in before gets a cookie that says so: guesses from elsewhere then can't make its owner wait. It is
 * signed with the user's password hash, which only the store knows, so that a new password makes it worthless. It opens nothing.
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

/** Whether a request says that it comes from a browser that this login was used in before; nothing is checked yet. */
export function mayBeKnown(request: FastifyRequest, login: string): boolean {
  return request.cookies[nameFor(login)] !== undefined;
}

/** The id of the browser that the request comes from, where this user has logged in with it before; else null. */
export function knownDevice(request: FastifyRequest, user: User | null): string | null {
  if (user === null) return null;
  const [, id = '', signature = ''] =
    /^([A-Za-z0-9_-]{16})\.([A-Za-z0-9_-]{43})$/.exec(request.cookies[nameFor(user.login)] ?? '') ?? [];
  return sameSecret(signature, sign(user, id)) ? id : null;
}

/** One for each login: people share computers. */
function nameFor(login: string): string {
  return `patchbay_device_${createHash('sha256').update(login).digest('hex').slice(0, 8)}`;
}

function sign({ login, passwordHash }: User, id: string): string {
  return createHmac('sha256', passwordHash).update(`device ${id} ${login}`).digest('base64url');
}
