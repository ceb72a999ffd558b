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
import { answers, Nothing, pageOf, ref, schemaRef, strictObject } from '../schemas/common.ts';
import * as example from '../schemas/examples/people.ts';
import type { BrowserSchema, TokenSchema, UserSchema } from '../schemas/people.ts';
import { UserPatch } from '../schemas/requests.ts';

const text = (description: string, value: string) =>
  Type.String({ minLength: 1, maxLength: 128, description, examples: [value] });
const byLogin = Type.Object({ login: text("The user's login.", example.user.login) });
const byName = Type.Object({ name: text("The token's name.", example.token.name) });
const byId = Type.Object({
  id: Type.String({
    pattern: '^[0-9a-f]{24}$',
    description: "The session's id in the listing.",
    examples: [example.browser.id],
  }),
});
const SessionQuery = strictObject({ login: Type.Optional(Type.String({ minLength: 1, maxLength: 128 })) });
const UserView = schemaRef<Static<typeof UserSchema>>('User');
const tags = ['users'];
const response = answers({ 204: Nothing });

/** Users, tokens and sessions. A change ends affected sessions at once, and closes their open desks. */
export function peopleRoutes(app: App, deps: ApiDeps): void {
  const onRequest = allow(app, deps, 'admin');
  const { read } = deps.store;

  const listingUsers = {
    operationId: 'listUsers',
    summary: 'List users',
    tags,
    response: answers({ 200: pageOf(UserView) }),
  };
  app.get('/users', { onRequest, schema: listingUsers }, async () => {
    const sessions = await read.sessions(deps.clock.now());
    return { items: (await read.users()).map((user) => userView(user, sessions, deps)), next: null };
  });

  const changing = {
    operationId: 'updateUser',
    summary: 'Change a user',
    description: 'Absent keys stay as they are. Changing rights ends the sessions of the user.',
    tags,
    params: byLogin,
    body: ref(UserPatch),
    response: answers({ 200: UserView }),
  };
  app.patch('/users/:login', { onRequest, schema: changing }, async (request) => {
    const { login } = request.params;
    const change: UserChange = request.body;
    if (change.manager != null && !deps.staff().managers.some(({ id }) => id === change.manager))
      throw invalid('/manager', 'manager', 'no such manager');
    written((await deps.intake.apply([{ op: 'change-user', login, change }]))[0]);
    const user = await read.user(login);
    if (user === null) throw new Problem('not-found', 'no such user');
    return userView(user, [], deps);
  });

  const removing = { operationId: 'removeUser', summary: 'Remove a user', tags, params: byLogin, response };
  app.delete('/users/:login', { onRequest, schema: removing }, async (request, reply) => {
    written((await deps.intake.apply([{ op: 'remove-user', login: request.params.login }]))[0]);
    return reply.code(204).send();
  });

  const endingAll = {
    operationId: 'endUserSessions',
    summary: 'End all sessions of a user',
    tags,
    params: byLogin,
    response,
  };
  app.delete('/users/:login/sessions', { onRequest, schema: endingAll }, async (request, reply) => {
    const { login } = request.params;
    if ((await read.user(login)) === null) throw new Problem('not-found', 'no such user');
    written((await deps.intake.apply([{ op: 'close-sessions', login }]))[0]);
    return reply.code(204).send();
  });

  const listingTokens = {
    operationId: 'listTokens',
    summary: 'List tokens',
    tags,
    response: answers({ 200: pageOf(schemaRef<Static<typeof TokenSchema>>('Token')) }),
  };
  app.get('/tokens', { onRequest, schema: listingTokens }, async () => ({
    items: (await read.tokens()).map(tokenView),
    next: null,
  }));

  const revoking = { operationId: 'revokeToken', summary: 'Revoke a token', tags, params: byName, response };
  app.delete('/tokens/:name', { onRequest, schema: revoking }, async (request, reply) => {
    written((await deps.intake.apply([{ op: 'remove-token', name: request.params.name }]))[0]);
    return reply.code(204).send();
  });

  const listing = {
    operationId: 'listSessions',
    summary: 'List logged-in browsers',
    tags,
    querystring: SessionQuery,
    response: answers({ 200: pageOf(schemaRef<Static<typeof BrowserSchema>>('Browser')) }),
  };
  app.get('/sessions', { onRequest, schema: listing }, async (request) => {
    const { login } = request.query;
    const sessions = await read.sessions(deps.clock.now());
    return { items: sessions.filter((one) => login === undefined || one.login === login).map(sessionView), next: null };
  });

  const ending = { operationId: 'endSession', summary: 'End a session', tags, params: byId, response };
  app.delete('/sessions/:id', { onRequest, schema: ending }, async (request, reply) => {
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
