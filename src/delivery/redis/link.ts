import type { Redis } from 'ioredis';
import type { Logger } from '../../runtime/log.ts';
import { Nudge } from '../../runtime/nudge.ts';
import { failFastConnection, troubleOf } from './connection.ts';
import { judge, readFacts } from './server-facts.ts';

/** Redis answers but cannot be used. The message says why and what to do. */
class RedisRefused extends Error {
  override readonly name = 'RedisRefused';
}

/** Settings and callbacks of a {@link RedisLink}. */
export interface LinkOptions {
  readonly url: string;
  readonly log: Logger;
  /** Called when Redis becomes usable. */
  readonly onUp: (redis: Redis) => void;
  /** Called when Redis is no longer usable. */
  readonly onDown: () => void;
}

/** Milliseconds between two checks. */
const checkInterval = 1000;
/** Waiting does not help if the login is refused. */
const refusedLogin = /^(WRONGPASS|NOAUTH|NOPERM)/;

/** Monitors one Redis: whether it answers, and whether its configuration is acceptable. */
export class RedisLink {
  readonly #options: LinkOptions;
  readonly #redis: Redis;
  readonly #nudge = new Nudge();
  #up = false;
  #started = false;
  #stopping = false;
  /** Why it cannot be used, or null. */
  #reason: string | null = 'it has not answered yet';
  #lastError: unknown = null;
  #running: Promise<void> = Promise.resolve();

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#redis = failFastConnection(options.url);
    this.#redis.on('error', (error: unknown) => {
      this.#lastError = error;
    });
    this.#redis.on('ready', () => this.#nudge.nudge());
    this.#redis.on('close', () => this.doubt(this.#lastError ?? new Error('the connection was closed')));
  }

  /** Whether Redis can be used. */
  get up(): boolean {
    return this.#up;
  }

  /** Why it cannot be used, without secrets, or null. */
  get reason(): string | null {
    return this.#reason;
  }

  /**
   * Checks Redis and starts monitoring it. Rejects with {@link RedisRefused} if it must not be used; if it is
   * unreachable, it is waited for.
   */
  async start(): Promise<void> {
    await this.#redis.connect().catch(() => undefined);
    const refusal = await this.#check();
    if (refusal !== null) {
      this.#stopping = true;
      this.#redis.disconnect();
      throw new RedisRefused(`queue.url: Redis answers but cannot be used: ${refusal}`);
    }
    this.#started = true;
    if (!this.#up) this.#logDown();
    this.#running = this.#watch();
  }

  /** Reports a failed command. Redis counts as unavailable until the next check. */
  doubt(error: unknown): void {
    if (this.#stopping) return;
    this.#down(troubleOf(error));
    this.#nudge.nudge();
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#nudge.nudge();
    await this.#running;
    this.#redis.disconnect();
  }

  async #watch(): Promise<void> {
    while (!this.#stopping) {
      await this.#nudge.wait(checkInterval);
      this.#nudge.reset();
      if (!this.#stopping) await this.#check();
    }
  }

  /** Never rejects. Returns why Redis must not be used, if it answers. */
  async #check(): Promise<string | null> {
    try {
      if (this.#up) {
        await this.#redis.ping();
        return null;
      }
      const { refusal, warning } = judge(readFacts(await this.#redis.info()));
      if (refusal !== null) this.#down(refusal);
      else this.#rise(warning);
      return refusal;
    } catch (error) {
      const trouble = this.#troubleOf(error);
      this.#down(trouble);
      return refusedLogin.test(trouble) ? `it refused the login: ${trouble}` : null;
    }
  }

  #rise(warning: string | null): void {
    const { log, onUp } = this.#options;
    this.#up = true;
    this.#reason = null;
    this.#lastError = null;
    log.info('Redis is available for the delivery queues');
    if (warning !== null) log.warn({ warning }, 'the configuration of Redis should be changed');
    onUp(this.#redis);
  }

  /** Without a connection, the error of a command only says so; the connection's own error explains why. */
  #troubleOf(error: unknown): string {
    if (this.#redis.status === 'ready') return troubleOf(error);
    return this.#lastError === null ? (this.#reason ?? troubleOf(error)) : troubleOf(this.#lastError);
  }

  #down(reason: string): void {
    const known = this.#reason === reason;
    this.#reason = reason;
    if (this.#started && (this.#up || !known)) this.#logDown();
    if (!this.#up) return;
    this.#up = false;
    this.#options.onDown();
  }

  #logDown(): void {
    this.#options.log.warn(
      { reason: this.#reason },
      'Redis cannot be used; each instance now takes due deliveries from the store itself',
    );
  }
}
