import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { roles, type User } from '../domain/access.ts';
import { named } from '../domain/call-facts.ts';
import { hashPassword, verifyPassword } from '../runtime/password.ts';
import { Attempts } from './attempts.ts';
import { clearSession, openSession } from './cookie.ts';
import type { ApiDeps, App } from './deps.ts';
import { allow, type Principal, principalOf, sameOrigin } from './principal.ts';
import { Problem, written } from './problem.ts';
import type { SessionAnswer } from './schemas/answers.ts';
import { answers, Nothing, named as ref, strictObject } from './schemas/common.ts';
import { telephoneOf } from './telephone.ts';

const Login = Type.String({ minLength: 1, maxLength: 128 });
const Password = Type.String({ minLength: 1, maxLength: 1024 });
const tags = ['session'];
const answer = answers({ 200: ref<SessionAnswer>('Session') });
/** Each guess costs 32 MB; more at once than this wait for their turn. */
const guessesAtOnce = 2;
const guessesWaiting = 40;

/** Logging in and out, and the first set-up. */
export function sessionRoutes(app: App, deps: ApiDeps): void {
  const perLogin = new Attempts(deps.settings.loginAttempts ?? 10, deps.clock);
  // A whole office may sit behind one address.
  const perAddress = new Attempts(10 * (deps.settings.loginAttempts ?? 10), deps.clock);
  const guess = limited(guessesAtOnce, guessesWaiting);
  let settingUp = false;

  app.post(
    '/session',
    { schema: { tags, security: [], body: strictObject({ login: Login, password: Password }), response: answer } },
    async (request, reply) => {
      checkOrigin(deps, request);
      const { login, password } = request.body;
      throttle(reply, perAddress.take(request.ip), perLogin.take(login));
      const user = await deps.store.read.user(login);
      const right = await guess(() => verifyPassword(password, user?.passwordHash ?? null));
      if (user === null || user.disabled || !right) {
        request.log.warn({ reason: 'password' }, 'a login was refused');
        throw new Problem('unauthorized', 'the login or the password is wrong');
      }
      perLogin.clear(login);
      perAddress.giveBack(request.ip);
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
    password: Type.String({ minLength: 8, maxLength: 1024 }),
  });
  app.post('/setup', { schema: { tags, security: [], body: Setup, response: answer } }, async (request, reply) => {
    checkOrigin(deps, request);
    throttle(reply, perAddress.take(request.ip));
    const { code, login, password } = request.body;
    if (settingUp || (await deps.store.read.userCount()) > 0)
      throw new Problem('conflict', 'the first user exists already');
    if (deps.settings.setupCode === null || !sameText(code, deps.settings.setupCode)) {
      throw new Problem('forbidden', 'the code is not the one that was printed at the start');
    }
    settingUp = true;
    try {
      const user: User = {
        login,
        role: 'admin',
        manager: null,
        scope: null,
        disabled: false,
        passwordHash: await guess(() => hashPassword(password)),
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

function throttle(reply: FastifyReply, ...waits: readonly number[]): void {
  const wait = Math.max(...waits);
  if (wait === 0) return;
  reply.header('retry-after', Math.ceil(wait / 1000));
  throw new Problem('too-many', 'too many attempts; wait before the next one');
}

function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/** Runs at most `atOnce` tasks at once and lets at most `waiting` wait. */
function limited(atOnce: number, waiting: number): <T>(task: () => Promise<T>) => Promise<T> {
  let running = 0;
  const queue: (() => void)[] = [];
  return async (task) => {
    if (running >= atOnce) {
      if (queue.length >= waiting) throw new Problem('too-many', 'too many attempts at once; try again');
      await new Promise<void>((resolve) => queue.push(resolve));
    }
    running += 1;
    try {
      return await task();
    } finally {
      running -= 1;
      queue.shift()?.();
    }
  };
}
