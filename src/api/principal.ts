import type { IncomingMessage } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Role } from '../domain/access.ts';
import type { Named } from '../domain/interaction.ts';
import { hashToken, readCookie, renewSession } from './cookie.ts';
import type { ApiDeps, App } from './deps.ts';
import { Problem } from './problem.ts';

/** Who asks. */
export interface Principal {
  readonly kind: 'user' | 'token';
  /** The login, or the token's name. */
  readonly login: string;
  readonly role: Role;
  readonly manager: Named | null;
  /** Signs what is written. */
  readonly by: Named;
  /** SHA-256 of the cookie or token. */
  readonly tokenHash: string;
  /** When the session ends, milliseconds since the epoch; null for a token. */
  readonly expiresAt: number | null;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the guard of a route; null before. */
    principal: Principal | null;
  }
}

/** Finds out who asks: a bearer token first, else the session's cookie. Null when neither is good. */
export async function identify(deps: ApiDeps, headers: IncomingMessage['headers']): Promise<Principal | null> {
  const bearer = /^Bearer ([A-Za-z0-9._~+/=-]{8,256})$/i.exec(headers.authorization ?? '')?.[1];
  if (bearer !== undefined) return identifyToken(deps, hashToken(bearer));
  const cookie = readCookie(headers.cookie);
  return cookie === null ? null : identifySession(deps, hashToken(cookie));
}

async function identifyToken(deps: ApiDeps, tokenHash: string): Promise<Principal | null> {
  const token = await deps.store.read.token(tokenHash);
  if (token === null) return null;
  const by = { id: `token:${token.name}`, name: token.name };
  return { kind: 'token', login: token.name, role: token.role, manager: null, by, tokenHash, expiresAt: null };
}

async function identifySession(deps: ApiDeps, tokenHash: string): Promise<Principal | null> {
  const session = await deps.store.read.session(tokenHash);
  if (session === null || session.expiresAt <= deps.clock.now()) return null;
  const user = await deps.store.read.user(session.login);
  if (user === null) return null;
  const { managers } = deps.staff();
  const found = managers.find((one) => one.id === user.manager) ?? managers.find((one) => one.user === user.login);
  const manager = found === undefined ? null : { id: found.id, name: found.name };
  const by = manager ?? { id: `user:${user.login}`, name: user.login };
  return { kind: 'user', login: user.login, role: user.role, manager, by, tokenHash, expiresAt: session.expiresAt };
}

/** Whether a browser's request comes from our own page. Requests without `Origin` are for the caller to judge. */
export function sameOrigin(deps: ApiDeps, origin: string, host: string | undefined): boolean {
  try {
    const { host: from } = new URL(origin);
    return from === host || origin === new URL(deps.settings.publicUrl).origin;
  } catch {
    return false;
  }
}

/** The asking one of a guarded route. */
export function principalOf(request: FastifyRequest): Principal {
  if (request.principal === null) throw new Problem('unauthorized', 'log in or send a bearer token');
  return request.principal;
}

const safe = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * A guard (fastify `onRequest`) that lets the named roles pass. A change that comes with a cookie must come from our own
 * page: SameSite=Strict holds most of that, the check of `Origin` the rest.
 */
export function allow(app: App, deps: ApiDeps, ...allowed: readonly Role[]) {
  if (!app.hasRequestDecorator('principal')) app.decorateRequest('principal', null);
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const principal = await identify(deps, request.headers);
    if (principal === null) throw new Problem('unauthorized', 'log in or send a bearer token');
    if (!allowed.includes(principal.role)) throw new Problem('forbidden', `the role ${principal.role} may not do this`);
    if (principal.kind === 'user' && !safe.has(request.method)) {
      const { origin } = request.headers;
      if (origin === undefined || !sameOrigin(deps, origin, request.host)) {
        throw new Problem('forbidden', 'a change by cookie must come from the desk page (Origin header)');
      }
    }
    request.principal = principal;
    const { login, tokenHash, expiresAt } = principal;
    if (expiresAt !== null) await renewSession(deps, request, reply, { login, tokenHash, expiresAt });
  };
}
