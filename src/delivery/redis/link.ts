import type { Redis } from 'ioredis';
import type { Logger } from '../../runtime/log.ts';
import { Nudge } from '../../runtime/nudge.ts';
import { impatientConnection, troubleOf } from './connection.ts';
import { judge, readFacts } from './server-facts.ts';

/** Redis is there but can't be used; the message says why and what to do. */
class RedisRefused extends Error {
  override readonly name = 'RedisRefused';
}

/** What a link tells. */
export interface LinkOptions {
  readonly url: string;
  readonly log: Logger;
  /** Redis can be used from now on. */
  readonly onUp: (redis: Redis) => void;
  /** It can't any more. */
  readonly onDown: () => void;
}

/** Between two looks whether it is still there, in milliseconds. */
const lookPause = 1000;
/** Logins that are refused won't be granted by waiting. */
const refusedLogin = /^(WRONGPASS|NOAUTH|NOPERM)/;

/** Watches one Redis: whether it answers, and whether it is set up so that it may be used. */
export class RedisLink {
  readonly #options: LinkOptions;
  readonly #redis: Redis;
  readonly #news = new Nudge();
  #up = false;
  #started = false;
  #stopping = false;
  /** Why it can't be used, null while it can. */
  #reason: string | null = 'it has not answered yet';
  #lastError: unknown = null;
  #running: Promise<void> = Promise.resolve();

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#redis = impatientConnection(options.url);
    this.#redis.on('error', (error: unknown) => {
      this.#lastError = error;
    });
    this.#redis.on('ready', () => this.#news.nudge());
    this.#redis.on('close', () => this.doubt(this.#lastError ?? new Error('the connection was closed')));
  }

  /** Whether it can be used. */
  get up(): boolean {
    return this.#up;
  }

  /** Why it can't be used, in words without secrets; null while it can. */
  get reason(): string | null {
    return this.#reason;
  }

  /** Looks for the first time and goes on looking. Rejects with {@link RedisRefused}; one that is away is waited for. */
  async start(): Promise<void> {
    await this.#redis.connect().catch(() => undefined);
    const refusal = await this.#look();
    if (refusal !== null) {
      this.#stopping = true;
      this.#redis.disconnect();
      throw new RedisRefused(`queue.url: Redis is there but can't be used: ${refusal}`);
    }
    this.#started = true;
    if (!this.#up) this.#tellDown();
    this.#running = this.#watch();
  }

  /** A command failed: it counts as away until it is asked again. */
  doubt(error: unknown): void {
    if (this.#stopping) return;
    this.#down(troubleOf(error));
    this.#news.nudge();
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#news.nudge();
    await this.#running;
    this.#redis.disconnect();
  }

  async #watch(): Promise<void> {
    while (!this.#stopping) {
      await this.#news.wait(lookPause);
      this.#news.reset();
      if (!this.#stopping) await this.#look();
    }
  }

  /** Never rejects; answers why it must not be used, if it is there. */
  async #look(): Promise<string | null> {
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
      return refusedLogin.test(trouble) ? `it refuses the login: ${trouble}` : null;
    }
  }

  #rise(warning: string | null): void {
    const { log, onUp } = this.#options;
    this.#up = true;
    this.#reason = null;
    this.#lastError = null;
    log.info('Redis has the queue');
    if (warning !== null) log.warn({ warning }, 'Redis could be set up better');
    onUp(this.#redis);
  }

  /** While there is no connection a command only says that there is none. */
  #troubleOf(error: unknown): string {
    if (this.#redis.status === 'ready') return troubleOf(error);
    return this.#lastError === null ? (this.#reason ?? troubleOf(error)) : troubleOf(this.#lastError);
  }

  #down(reason: string): void {
    const known = this.#reason === reason;
    this.#reason = reason;
    if (this.#started && (this.#up || !known)) this.#tellDown();
    if (!this.#up) return;
    this.#up = false;
    this.#options.onDown();
  }

  #tellDown(): void {
    this.#options.log.warn(
      { reason: this.#reason },
      "Redis can't be used; each instance takes what is due from the store by itself",
    );
  }
}
