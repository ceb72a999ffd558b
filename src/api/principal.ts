import type { IncomingMessage } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Role, scopeOf, type User } from '../domain/access/access.ts';
import { docsLinks, siteAddress } from '../domain/base/docs-links.ts';
import { type ClientId, isInteractionId } from '../domain/base/ids.ts';
import type { Manager } from '../domain/directory/manager.ts';
import type { Interaction, Named } from '../domain/interaction/interaction.ts';
import { type View, viewOf } from '../domain/interaction/view.ts';
import type { ContactReader } from '../domain/ports/readers.ts';
import { hashToken, readCookie, renewSession } from './cookie.ts';
import type { ApiDeps, App } from './deps.ts';
import { invalid, Problem } from './problem.ts';

/** The user or program that sent a request. */
export interface Principal {
  readonly kind: 'user' | 'token';
  /** The login, or the token's name. */
  readonly login: string;
  readonly role: Role;
  readonly manager: Named | null;
  /** What it may see. Null: everything. */
  readonly view: View | null;
  /** The author of what it writes. */
  readonly by: Named;
  /** SHA-256 of the cookie or token. */
  readonly tokenHash: string;
  /** End of the session, milliseconds since the epoch. Null for a token. */
  readonly expiresAt: number | null;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by {@link allow}. */
    principal: Principal | null;
  }
}

/** Authenticates a request by its bearer token, else by the session's cookie. Null when neither is valid. */
export async function identify(deps: ApiDeps, headers: IncomingMessage['headers']): Promise<Principal | null> {
  const bearer = /^Bearer ([A-Za-z0-9._~+/=-]{8,256})$/i.exec(headers.authorization ?? '')?.[1];
  if (bearer !== undefined) return identifyToken(deps, hashToken(bearer));
  const cookie = readCookie(deps, headers.cookie);
  return cookie === null ? null : identifySession(deps, hashToken(cookie));
}

async function identifyToken(deps: ApiDeps, tokenHash: string): Promise<Principal | null> {
  const token = await deps.store.read.token(tokenHash);
  if (token === null) return null;
  const by = { id: `token:${token.name}`, name: token.name };
  return {
    kind: 'token',
    login: token.name,
    role: token.role,
    manager: null,
    view: viewFor(deps, { role: token.role, scope: null }, null),
    by,
    tokenHash,
    expiresAt: null,
  };
}

async function identifySession(deps: ApiDeps, tokenHash: string): Promise<Principal | null> {
  const session = await deps.store.read.session(tokenHash);
  if (session === null || session.expiresAt <= deps.clock.now()) return null;
  const user = await deps.store.read.user(session.login);
  if (user === null || user.disabled) return null;
  const { login, role } = user;
  const found = managerOf(deps, user);
  const manager = found === null ? null : { id: found.id, name: found.name };
  const by = manager ?? { id: `user:${login}`, name: login };
  const view = viewFor(deps, user, found);
  return { kind: 'user', login, role, manager, view, by, tokenHash, expiresAt: session.expiresAt };
}

/** The manager that a user is: as stored with the user, else as the configuration names the login. */
export function managerOf(
  { staff }: Pick<ApiDeps, 'staff'>,
  { login, manager }: Pick<User, 'login' | 'manager'>,
): Manager | null {
  const { managers } = staff();
  return managers.find((one) => one.id === manager) ?? managers.find((one) => one.user === login) ?? null;
}

function viewFor(
  { access, staff, plan }: Pick<ApiDeps, 'access' | 'staff' | 'plan'>,
  user: Pick<User, 'role' | 'scope'>,
  manager: Manager | null,
): View | null {
  const scope = scopeOf(user, manager ?? undefined, access().scopes);
  return viewOf(scope, manager?.id ?? null, staff(), plan());
}

/** Contacts and clients, as far as the principal may see them. */
export function readerOf(deps: Pick<ApiDeps, 'store'>, request: FastifyRequest): ContactReader {
  return deps.store.read.under(principalOf(request).view);
}

/** The interaction with this id. Throws `not-found` when the principal may not see it. */
export async function interactionOf(
  deps: Pick<ApiDeps, 'store'>,
  request: FastifyRequest,
  id: string,
): Promise<Interaction> {
  const interaction = isInteractionId(id) ? await readerOf(deps, request).interaction(id) : null;
  if (interaction === null) throw new Problem('not-found', 'no such interaction');
  return interaction;
}

/** Whether the `Origin` of a request is our own. */
export function sameOrigin(deps: ApiDeps, origin: string, host: string | undefined): boolean {
  try {
    const { host: from } = new URL(origin);
    return from === host || origin === new URL(deps.settings.publicUrl).origin;
  } catch {
    return false;
  }
}

/** The principal of a guarded route. */
export function principalOf(request: FastifyRequest): Principal {
  if (request.principal === null) throw new Problem('unauthorized', 'log in, or send a bearer token');
  return request.principal;
}

/** Refuses a client that the principal can't see. */
export async function checkClient(deps: Pick<ApiDeps, 'store'>, request: FastifyRequest, id: string): Promise<void> {
  if ((await readerOf(deps, request).client(id as ClientId)) === null)
    throw invalid('/client', 'invalid', 'no client with this id');
}

const safe = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * A guard (Fastify's `onRequest`) that admits the given roles. A change authenticated by a cookie must come from our own
 * page. SameSite=Strict ensures most of that, and the check of `Origin` the rest.
 */
export function allow(app: App, deps: ApiDeps, ...allowed: readonly Role[]) {
  if (!app.hasRequestDecorator('principal')) app.decorateRequest('principal', null);
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const principal = await identify(deps, request.headers);
    if (principal === null) throw new Problem('unauthorized', 'log in, or send a bearer token');
    if (!allowed.includes(principal.role)) {
      // A link to the documentation (RFC 8288).
      reply.header('link', `<${siteAddress(docsLinks.notAllowed, 'en')}>; rel="help"`);
      throw new Problem('forbidden', `the role ${principal.role} is not allowed to do this`);
    }
    if (principal.kind === 'user' && !safe.has(request.method)) {
      const { origin } = request.headers;
      if (origin === undefined || !sameOrigin(deps, origin, request.host)) {
        throw new Problem('forbidden', 'changes authenticated by a cookie must come from our own page (Origin header)');
      }
    }
    request.principal = principal;
    const { login, tokenHash, expiresAt } = principal;
    if (expiresAt !== null) await renewSession(deps, request, reply, { login, tokenHash, expiresAt });
  };
}
