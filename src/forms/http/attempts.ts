import { monotonicClock } from '../../runtime/clock.ts';

const window = 5 * 60_000;
const maxKeys = 10_000;

/**
 * Counts attempts per key within five minutes. It uses the monotonic clock: a system clock that is set back must not lock
 * anybody out for days. When there are too many keys, the oldest are dropped.
 */
export class Attempts {
  readonly #limit: number;
  readonly #elapsed: () => number;
  readonly #byKey = new Map<string, { count: number; readonly until: number }>();

  /** `elapsed` returns the milliseconds of a monotonic clock. Default: `performance.now()`. */
  constructor(limit: number, elapsed = monotonicClock.now) {
    this.#limit = limit;
    this.#elapsed = elapsed;
  }

  /** Counts an attempt. Returns the milliseconds to wait when there were too many, else 0. */
  take(key: string): number {
    const now = this.#elapsed();
    const known = this.#byKey.get(key);
    if (known === undefined || known.until <= now) {
      this.#byKey.delete(key);
      this.#byKey.set(key, { count: 1, until: now + window });
      const [oldest] = this.#byKey.keys();
      if (this.#byKey.size > maxKeys && oldest !== undefined) this.#byKey.delete(oldest);
      return 0;
    }
    known.count += 1;
    return known.count > this.#limit ? known.until - now : 0;
  }
}
