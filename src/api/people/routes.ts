import { type Static, Type } from 'typebox';
import {
  type ApiToken,
  type Session,
  scopeOf,
  sessionId,
  type User,
  type UserChange,
} from '../../domain/access/access.ts';
import type { ApiDeps, App } from '../deps.ts';
import { allow, managerOf } from '../principal.ts';
import { invalid, Problem, written } from '../problem.ts';
import { answers, Nothing, named, orNull, pageOf, strictObject } from '../schemas/common.ts';
import { type BrowserSchema, RoleSchema, ScopeSchema, type TokenSchema, type UserSchema } from '../schemas/people.ts';

const Login = Type.Object({ login: Type.String({ minLength: 1, maxLength: 128 }) });
const Change = Type.Object(
  {
    role: Type.Optional(RoleSchema),
    manager: Type.Optional(orNull(Type.String({ minLength: 1, maxLength: 64 }))),
    scope: Type.Optional(orNull(ScopeSchema)),
    disabled: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false, minProperties: 1 },
);
const SessionQuery = strictObject({ login: Type.Optional(Type.String({ minLength: 1, maxLength: 128 })) });
const UserView = named<Static<typeof UserSchema>>('User');
const tags = ['users'];
const done = answers({ 204: Nothing });

/** Users, tokens and sessions: who may come in. What ends here ends at once, open desks too. */
export function peopleRoutes(app: App, deps: ApiDeps): void {
  const onRequest = allow(app, deps, 'admin');
  const { read } = deps.store;

  app.get('/users', { onRequest, schema: { tags, response: answers({ 200: pageOf(UserView) }) } }, async () => {
    const sessions = await read.sessions(deps.clock.now());
    return { items: (await read.users()).map((user) => userView(user, sessions, deps)), next: null };
  });

  app.patch(
    '/users/:login',
    { onRequest, schema: { tags, params: Login, body: Change, response: answers({ 200: UserView }) } },
    async (request) => {
      const { login } = request.params;
      const change: UserChange = request.body;
      if (change.manager != null && !deps.staff().managers.some(({ id }) => id === change.manager))
        throw invalid('/manager', 'manager', 'no such manager');
      written((await deps.intake.apply([{ op: 'change-user', login, change }]))[0]);
      const user = await read.user(login);
      if (user === null) throw new Problem('not-found', 'no such user');
      return userView(user, [], deps);
    },
  );

  app.delete(
    '/users/:login',
    { onRequest, schema: { tags, params: Login, response: done } },
    async (request, reply) => {
      written((await deps.intake.apply([{ op: 'remove-user', login: request.params.login }]))[0]);
      return reply.code(204).send();
    },
  );

  app.delete(
    '/users/:login/sessions',
    { onRequest, schema: { tags, params: Login, response: done } },
    async (request, reply) => {
      const { login } = request.params;
      if ((await read.user(login)) === null) throw new Problem('not-found', 'no such user');
      written((await deps.intake.apply([{ op: 'close-sessions', login }]))[0]);
      return reply.code(204).send();
    },
  );

  app.get(
    '/tokens',
    { onRequest, schema: { tags, response: answers({ 200: pageOf(named<Static<typeof TokenSchema>>('Token')) }) } },
    async () => ({
      items: (await read.tokens()).map(tokenView),
      next: null,
    }),
  );

  const Name = Type.Object({ name: Type.String({ minLength: 1, maxLength: 128 }) });
  app.delete('/tokens/:name', { onRequest, schema: { tags, params: Name, response: done } }, async (request, reply) => {
    written((await deps.intake.apply([{ op: 'remove-token', name: request.params.name }]))[0]);
    return reply.code(204).send();
  });

  const listing = {
    tags,
    querystring: SessionQuery,
    response: answers({ 200: pageOf(named<Static<typeof BrowserSchema>>('Browser')) }),
  };
  app.get('/sessions', { onRequest, schema: listing }, async (request) => {
    const { login } = request.query;
    const sessions = await read.sessions(deps.clock.now());
    return { items: sessions.filter((one) => login === undefined || one.login === login).map(sessionView), next: null };
  });

  const Id = Type.Object({ id: Type.String({ pattern: '^[0-9a-f]{24}$' }) });
  app.delete('/sessions/:id', { onRequest, schema: { tags, params: Id, response: done } }, async (request, reply) => {
    const sessions = await read.sessions(deps.clock.now());
    const session = sessions.find((one) => sessionId(one) === request.params.id);
    if (session === undefined) throw new Problem('not-found', 'no such session');
    written((await deps.intake.apply([{ op: 'close-session', tokenHash: session.tokenHash }]))[0]);
    return reply.code(204).send();
  });
}

function userView(user: User, sessions: readonly Session[], deps: ApiDeps) {
  const { login, role, manager, scope, disabled } = user;
  const sees = scopeOf(user, managerOf(deps, user) ?? undefined, deps.access().scopes);
  const count = sessions.filter((one) => one.login === login).length;
  return { login, role, manager, scope, sees, disabled, sessions: count };
}

function tokenView({ name, role, createdAt }: ApiToken) {
  return { name, role, createdAt: new Date(createdAt).toISOString() };
}

function sessionView(session: Session) {
  const { login, createdAt, expiresAt, agent } = session;
  return {
    id: sessionId(session),
    login,
    createdAt: createdAt === 0 ? null : new Date(createdAt).toISOString(),
    expiresAt: new Date(expiresAt).toISOString(),
    agent,
  };
}
