import type { FastifyReply, FastifyRequest } from 'fastify';
import type { User } from '../../domain/access/access.ts';
import { clientKey } from '../../runtime/networks.ts';
import { verifyPassword } from '../../runtime/password.ts';
import type { ApiDeps } from '../deps.ts';
import { Problem, written } from '../problem.ts';
import { knownDevice, mayBeKnown } from './device.ts';
import { limited } from './guesses.ts';
import { type Attempt, type CountedBy, LoginThrottle } from './throttle.ts';

/** Checking a password takes 32 MB and one of the four libuv threads, which file and DNS access need as well. */
const strangersAtOnce = 1;
const strangersWaiting = 40;
/** Known browsers have a queue of their own, so that they don't wait behind strangers. */
const knownAtOnce = 1;
const knownWaiting = 40;
/** Simultaneous attempts from one address. A whole office may share it. */
const addressAtOnce = 20;

/** Checks logins and passwords, and slows down guessing. */
export class LogIn {
  readonly #deps: ApiDeps;
  readonly #throttle: LoginThrottle;
  readonly #ofStrangers = limited(strangersAtOnce, strangersWaiting);
  readonly #ofKnown = limited(knownAtOnce, knownWaiting);

  constructor(deps: ApiDeps) {
    this.#deps = deps;
    const { store, intake, clock, elapsed = () => performance.now() } = deps;
    this.#throttle = new LoginThrottle({
      read: (keys) => store.read.loginFailures(keys),
      failed: async (keys) => void written((await intake.apply([{ op: 'login-failed', keys, at: clock.now() }]))[0]),
      forgiven: async (keys) => void written((await intake.apply([{ op: 'login-forgiven', keys }]))[0]),
      now: () => clock.now(),
      elapsed,
    });
  }

  /** The user with this login and password. Throws when they are wrong or attempts come too fast. */
  async check(request: FastifyRequest, reply: FastifyReply, login: string, password: string): Promise<User> {
    const { read } = this.#deps.store;
    const known = mayBeKnown(request, login) ? await read.user(login) : null;
    const device = knownDevice(request, known);
    const attempt = await this.#begin(reply, this.#countedBy(request, login, device));
    const inTurn = device === null ? this.#ofStrangers : this.#ofKnown;
    let user: User | null;
    let right: boolean;
    try {
      user = known ?? (await read.user(login));
      const hash = user?.passwordHash ?? null;
      right = await inTurn(() => verifyPassword(password, hash));
    } catch (error) {
      attempt.abandoned();
      throw error;
    }
    if (user === null || user.disabled || !right) {
      await attempt.failed();
      request.log.warn({ reason: 'password' }, 'login refused');
      throw new Problem('unauthorized', 'wrong login or password');
    }
    await attempt.succeeded();
    return user;
  }

  /** Begins an attempt at the first set-up, which is counted by address only. */
  beginSetup(request: FastifyRequest, reply: FastifyReply): Promise<Attempt> {
    return this.#begin(reply, [this.#address(request)]);
  }

  async #begin(reply: FastifyReply, counted: readonly CountedBy[]): Promise<Attempt> {
    const attempt = await this.#throttle.begin(counted);
    if (typeof attempt !== 'number') return attempt;
    reply.header('retry-after', Math.ceil(attempt / 1000));
    throw new Problem('too-many', 'too many attempts; wait before the next one');
  }

  #countedBy(request: FastifyRequest, login: string, device: string | null): readonly CountedBy[] {
    const free = this.#free;
    if (device !== null) return [{ key: `device ${device} ${login}`, free, atOnce: free }];
    return [{ key: `login ${login}`, free, atOnce: free }, this.#address(request)];
  }

  #address(request: FastifyRequest): CountedBy {
    return { key: `address ${clientKey(request.ip)}`, free: 10 * this.#free, atOnce: addressAtOnce };
  }

  get #free(): number {
    return this.#deps.settings.loginAttempts ?? 10;
  }
}
