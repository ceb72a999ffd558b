import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { roles, type User } from '../domain/access/access.ts';
import { namedRef } from '../domain/interaction/named-ref.ts';
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
import { answers, Nothing, ref, schemaRef } from './schemas/common.ts';
import { Credentials, FirstUser } from './schemas/requests.ts';
import { telephoneOf } from './telephone.ts';

/** Bytes of a body, enough for any login and password. */
const bodyLimit = 16 * 1024;
const tags = ['session'];
const response = answers({ 200: schemaRef<SessionAnswer>('Session') });

/** Logging in and out, and the first set-up. */
export function sessionRoutes(app: App, deps: ApiDeps): void {
  const logIn = new LogIn(deps);
  let settingUp = false;

  const loggingIn = {
    operationId: 'logIn',
    summary: 'Log in',
    description: 'For browsers: the answer sets the cookie of the session. Programs use tokens.',
    tags,
    security: [],
    body: ref(Credentials),
    response,
  };
  app.post('/session', { bodyLimit, schema: loggingIn }, async (request, reply) => {
    checkOrigin(deps, request);
    const { login, password } = request.body;
    const user = await logIn.check(request, reply, login, password);
    return open(deps, reply, user);
  });

  const onRequest = allow(app, deps, ...roles);
  const reading = { operationId: 'getSession', summary: 'Get the user who is logged in', tags, response };
  app.get('/session', { onRequest, schema: reading }, async (request) => describe(deps, principalOf(request)));

  const loggingOut = { operationId: 'logOut', summary: 'Log out', tags, response: answers({ 204: Nothing }) };
  app.delete('/session', { onRequest, schema: loggingOut }, async (request, reply) => {
    const principal = principalOf(request);
    if (principal.kind === 'user') await deps.intake.apply([{ op: 'close-session', tokenHash: principal.tokenHash }]);
    return clearSession(deps, reply).code(204).send();
  });

  const asking = {
    operationId: 'getSetup',
    summary: 'Ask whether the first user is missing',
    tags,
    security: [],
    response: answers({ 200: Type.Object({ needed: Type.Boolean() }, { examples: [{ needed: false }] }) }),
  };
  app.get('/setup', { schema: asking }, async () => ({
    needed: (await deps.store.read.userCount()) === 0,
  }));

  const settingItUp = {
    operationId: 'setUp',
    summary: 'Create the first user',
    description: 'An administrator. Needs the code that the program printed at its first start.',
    tags,
    security: [],
    body: ref(FirstUser),
    response,
  };
  app.post('/setup', { bodyLimit, schema: settingItUp }, async (request, reply) => {
    checkOrigin(deps, request);
    const { code, login, password } = request.body;
    const attempt = await logIn.beginSetup(request, reply);
    if (settingUp || (await deps.store.read.userCount()) > 0) {
      await attempt.failed();
      throw new Problem('conflict', 'the first user already exists');
    }
    if (deps.settings.setupCode === null || !sameSecret(code, deps.settings.setupCode)) {
      await attempt.failed();
      throw new Problem('forbidden', 'wrong code; the program prints it at its first start');
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
  return describe(deps, { login: user.login, role: user.role, manager: namedRef(found ?? null) });
}

function describe(
  deps: ApiDeps,
  { login, role, manager }: Pick<Principal, 'login' | 'role' | 'manager'>,
): SessionAnswer {
  const self = deps.staff().managers.find((one) => one.id === manager?.id);
  const messengers = deps.sending().some(({ channel }) => channel === 'message');
  const calls = self !== undefined && telephoneOf(self, deps) !== null;
  const { timezone, company, undo } = deps.settings;
  const extension = self?.extensions[0] ?? null;
  const department = self?.department ?? null;
  const controls = [...deps.controls()];
  return { login, role, manager, extension, department, calls, messengers, controls, timezone, company, undo };
}

/** Other sites must not log a browser in as somebody else. Programs send no `Origin`. */
function checkOrigin(deps: ApiDeps, request: FastifyRequest): void {
  const { origin } = request.headers;
  if (origin !== undefined && !sameOrigin(deps, origin, request.host))
    throw new Problem('forbidden', 'logging in is only possible from our own page (Origin header)');
}
