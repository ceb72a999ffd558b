import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { roles, type User } from '../domain/access/access.ts';
import { named } from '../domain/call/call-facts.ts';
import { hashPassword } from '../runtime/password.ts';
import { passwordProblem } from '../runtime/password-rules.ts';
import { sameSecret } from '../runtime/secrets.ts';
import { clearSession, openSession } from './cookie.ts';
import type { ApiDeps, App } from './deps.ts';
import { giveDevice } from './login/device.ts';
import { LogIn } from './login/log-in.ts';
import { allow, type Principal, principalOf, sameOrigin } from './principal.ts';
import { invalid, Problem, written } from './problem.ts';
import type { SessionAnswer } from './schemas/answers.ts';
import { answers, Nothing, named as ref, strictObject } from './schemas/common.ts';
import { telephoneOf } from './telephone.ts';

const Login = Type.String({ minLength: 1, maxLength: 128 });
const Password = Type.String({ minLength: 1, maxLength: 1024 });
/** Bytes of a body: more than any login and password have. */
const bodyLimit = 16 * 1024;
const tags = ['session'];
const answer = answers({ 200: ref<SessionAnswer>('Session') });
/** Logging in and out, and the first set-up. */
export function sessionRoutes(app: App, deps: ApiDeps): void {
  const logIn = new LogIn(deps);
  let settingUp = false;

  app.post(
    '/session',
    {
      bodyLimit,
      schema: { tags, security: [], body: strictObject({ login: Login, password: Password }), response: answer },
    },
    async (request, reply) => {
      checkOrigin(deps, request);
      const { login, password } = request.body;
      const user = await logIn.check(request, reply, login, password);
      return open(deps, reply, user);
    },
  );

  app.get('/session', { onRequest: allow(app, deps, ...roles), schema: { tags, response: answer } }, async (request) =>
    describe(deps, principalOf(request)),
  );

  app.delete(
    '/session',
    { onRequest: allow(app, deps, ...roles), schema: { tags, response: answers({ 204: Nothing }) } },
    async (request, reply) => {
      const principal = principalOf(request);
      if (principal.kind === 'user') await deps.intake.apply([{ op: 'close-session', tokenHash: principal.tokenHash }]);
      return clearSession(deps, reply).code(204).send();
    },
  );

  const state = { tags, security: [], response: answers({ 200: Type.Object({ needed: Type.Boolean() }) }) };
  app.get('/setup', { schema: state }, async () => ({
    needed: (await deps.store.read.userCount()) === 0,
  }));

  const Setup = strictObject({
    code: Type.String({ maxLength: 128 }),
    login: Login,
    password: Password,
  });
  const setup = { bodyLimit, schema: { tags, security: [], body: Setup, response: answer } };
  app.post('/setup', setup, async (request, reply) => {
    checkOrigin(deps, request);
    const { code, login, password } = request.body;
    const attempt = await logIn.beginSetup(request, reply);
    if (settingUp || (await deps.store.read.userCount()) > 0) {
      await attempt.failed();
      throw new Problem('conflict', 'the first user exists already');
    }
    if (deps.settings.setupCode === null || !sameSecret(code, deps.settings.setupCode)) {
      await attempt.failed();
      throw new Problem('forbidden', 'the code is not the one that was printed at the start');
    }
    await attempt.succeeded();
    const problem = passwordProblem(password, login);
    if (problem !== null) throw invalid('/password', 'password', problem);
    settingUp = true;
    try {
      const user: User = {
        login,
        role: 'admin',
        manager: null,
        scope: null,
        disabled: false,
        passwordHash: await hashPassword(password),
      };
      written((await deps.intake.apply([{ op: 'put-user', user }]))[0]);
      return await open(deps, reply, user);
    } finally {
      settingUp = false;
    }
  });
}

async function open(deps: ApiDeps, reply: FastifyReply, user: User): Promise<SessionAnswer> {
  await openSession(deps, reply, user.login);
  giveDevice(deps, reply, user);
  const { managers } = deps.staff();
  const found = managers.find((one) => one.id === user.manager) ?? managers.find((one) => one.user === user.login);
  return describe(deps, { login: user.login, role: user.role, manager: named(found ?? null) });
}

function describe(
  deps: ApiDeps,
  { login, role, manager }: Pick<Principal, 'login' | 'role' | 'manager'>,
): SessionAnswer {
  const self = deps.staff().managers.find((one) => one.id === manager?.id);
  const calls = self !== undefined && telephoneOf(self, deps) !== null;
  return { login, role, manager, calls, timezone: deps.settings.timezone };
}

/** A foreign page must not log a browser in as somebody else; programs send no Origin. */
function checkOrigin(deps: ApiDeps, request: FastifyRequest): void {
  const { origin } = request.headers;
  if (origin !== undefined && !sameOrigin(deps, origin, request.host))
    throw new Problem('forbidden', 'not from the desk page');
}
