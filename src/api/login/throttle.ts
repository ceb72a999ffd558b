import { createHash } from 'node:crypto';
import { failuresKept, type LoginFailures } from '../../domain/access/login-failures.ts';

/** Something that attempts are counted by: a login, a browser or an address. */
export interface CountedBy {
  readonly key: string;
  /** Failures before delays begin, and attempts allowed at the same time. */
  readonly free: number;
  readonly atOnce: number;
}

/** Dependencies of the throttle. */
export interface ThrottleParts {
  /** Failures counted by all instances. */
  read(keys: readonly string[]): Promise<readonly LoginFailures[]>;
  failed(keys: readonly string[]): Promise<void>;
  forgiven(keys: readonly string[]): Promise<void>;
  /** Milliseconds since the epoch, for the store. */
  now(): number;
  /** Milliseconds of a monotonic clock. Delays are measured with it. */
  elapsed(): number;
}

/** An admitted attempt. Exactly one of these is called when it is over. */
export interface Attempt {
  failed(): Promise<void>;
  /** Forgets failures of the first key. Those of an address stay: an attacker may have an account of their own. */
  succeeded(): Promise<void>;
  /** Nothing was tried. */
  abandoned(): void;
}

/** What this process knows about a key. */
interface Known {
  failures: number;
  /** Time of the last failure, by the monotonic clock. */
  last: number;
  /** The same time as stored. Identifies rows that were read before. */
  at: number;
}

const firstDelay = 1000;
const maxDelay = 5 * 60_000;
/** Keys kept in memory. The store has all of them. */
const maxKnown = 20_000;

/**
 * Slows down guessing with delays that double with each failure. Nobody is ever locked out, and guessing many other names
 * does not push a count out. The store keeps the counts, so that all instances share them and a restart does not reset them.
 * Delays are measured with a monotonic clock: when the system clock is set back, nobody waits for days.
 */
export class LoginThrottle {
  readonly #parts: ThrottleParts;
  readonly #known = new Map<string, Known>();
  readonly #underWay = new Map<string, number>();

  constructor(parts: ThrottleParts) {
    this.#parts = parts;
  }

  /** Begins an attempt, or returns the milliseconds to wait before the next one. */
  async begin(counted: readonly CountedBy[]): Promise<Attempt | number> {
    const all = counted.map((one) => ({ ...one, key: digest(one.key) }));
    // Counted before anything is awaited, so that a hundred simultaneous attempts count as a hundred. Also before the
    // store is asked, so that a flood of attempts that must wait anyway costs next to nothing.
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

  /** Milliseconds to wait while other attempts of the same key are in progress. */
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
    return Math.max(0, Math.min(maxDelay, firstDelay * 2 ** (known.failures - Math.ceil(free))) - passed);
  }

  #takeIn(rows: readonly LoginFailures[]): void {
    for (const { key, failures, at } of rows) {
      const known = this.#known.get(key);
      if (known !== undefined && known.at === at && known.failures >= failures) continue;
      // A time in the future comes from a clock that was set back since. It counts as now.
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
    if (this.#known.size > maxKnown && oldest !== undefined) this.#known.delete(oldest);
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
