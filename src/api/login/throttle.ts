import { createHash } from 'node:crypto';
import { failuresKept, type LoginFailures } from '../../domain/access/login-failures.ts';

/** One of the things that attempts are counted by. */
export interface CountedBy {
  readonly key: string;
  /** Failures before the next attempt has to wait, and attempts that may be under way at once. */
  readonly free: number;
  readonly atOnce: number;
}

/** What the throttle works with. */
export interface ThrottleParts {
  /** What all instances have counted. */
  read(keys: readonly string[]): Promise<readonly LoginFailures[]>;
  failed(keys: readonly string[]): Promise<void>;
  forgiven(keys: readonly string[]): Promise<void>;
  /** Milliseconds since the epoch, as the store keeps it. */
  now(): number;
  /** Milliseconds of a clock that nobody sets: how long one has to wait is counted by it. */
  elapsed(): number;
}

/** An attempt that may be made. Exactly one of these is called when it is over. */
export interface Attempt {
  failed(): Promise<void>;
  /** Failures of the first key are forgotten; an address may be an attacker's who has an account of his own. */
  succeeded(): Promise<void>;
  /** Nothing was tried. */
  abandoned(): void;
}

/** What this process knows of a key. */
interface Known {
  failures: number;
  /** When it failed last, by the clock that nobody sets. */
  last: number;
  /** The same in the store's words, by which a row is recognised that was taken in already. */
  at: number;
}

const firstDelay = 1000;
const longestDelay = 5 * 60_000;
/** Keys that are remembered here; the store has them all. */
const mostKnown = 20_000;

/**
 * Bounds guessing by delays that double with each failure: nobody is ever locked out, and no crowd of other names makes a count be
 * forgotten. Counts are the store's, so that all instances and a restarted program go on with them; how long one waits is counted by a
 * monotonic clock, so that a clock that is set back makes nobody wait for days.
 */
export class LoginThrottle {
  readonly #parts: ThrottleParts;
  readonly #known = new Map<string, Known>();
  readonly #underWay = new Map<string, number>();

  constructor(parts: ThrottleParts) {
    this.#parts = parts;
  }

  /** Begins an attempt, or answers the milliseconds to wait before one. */
  async begin(counted: readonly CountedBy[]): Promise<Attempt | number> {
    const all = counted.map((one) => ({ ...one, key: digest(one.key) }));
    // Counted before anything is awaited: a hundred attempts sent at once are not one.
    // And before the store is asked: a flood of what has to wait anyway costs next to nothing.
    const wait = Math.max(...all.map((one) => Math.max(this.#crowd(one), this.#delay(one))));
    if (wait > 0) return wait;
    for (const { key } of all) this.#underWay.set(key, (this.#underWay.get(key) ?? 0) + 1);
    const end = () => {
      for (const { key } of all) this.#end(key);
    };
    try {
      this.#takeIn(await this.#parts.read(all.map(({ key }) => key)));
    } catch (error) {
      end();
      throw error;
    }
    const delay = Math.max(...all.map((one) => this.#delay(one)));
    if (delay > 0) {
      end();
      return delay;
    }
    const keys = all.map(({ key }) => key);
    return {
      failed: () => this.#failed(keys).finally(end),
      succeeded: () => this.#succeeded(keys.slice(0, 1)).finally(end),
      abandoned: end,
    };
  }

  /** Milliseconds to wait while others of the same key are tried. */
  #crowd({ key, free, atOnce }: CountedBy): number {
    const underWay = this.#underWay.get(key) ?? 0;
    const failures = this.#known.get(key)?.failures ?? 0;
    return underWay > 0 && (underWay >= atOnce || failures + underWay >= free) ? firstDelay : 0;
  }

  #delay({ key, free }: CountedBy): number {
    const known = this.#known.get(key);
    if (known === undefined || known.failures < free) return 0;
    const passed = this.#parts.elapsed() - known.last;
    if (passed > failuresKept) return 0;
    return Math.max(0, Math.min(longestDelay, firstDelay * 2 ** (known.failures - Math.ceil(free))) - passed);
  }

  #takeIn(rows: readonly LoginFailures[]): void {
    for (const { key, failures, at } of rows) {
      const known = this.#known.get(key);
      if (known !== undefined && known.at === at && known.failures >= failures) continue;
      // What lies in the future was counted by a clock that has been set back since: it may as well have been now.
      this.#remember(key, { failures, at, last: this.#parts.elapsed() - Math.max(0, this.#parts.now() - at) });
    }
  }

  async #failed(keys: readonly string[]): Promise<void> {
    const [last, at] = [this.#parts.elapsed(), this.#parts.now()];
    for (const key of keys) {
      const known = this.#known.get(key);
      const isOld = known === undefined || last - known.last > failuresKept;
      this.#remember(key, { failures: isOld ? 1 : known.failures + 1, last, at });
    }
    await this.#parts.failed(keys);
  }

  async #succeeded(keys: readonly string[]): Promise<void> {
    const counted = keys.filter((key) => this.#known.delete(key));
    if (counted.length > 0) await this.#parts.forgiven(counted);
  }

  #remember(key: string, known: Known): void {
    this.#known.delete(key);
    this.#known.set(key, known);
    const [oldest] = this.#known.keys();
    if (this.#known.size > mostKnown && oldest !== undefined) this.#known.delete(oldest);
  }

  #end(key: string): void {
    const left = (this.#underWay.get(key) ?? 1) - 1;
    if (left > 0) this.#underWay.set(key, left);
    else this.#underWay.delete(key);
  }
}

function digest(key: string): string {
  return createHash('sha256').update(key).digest('base64url');
}
