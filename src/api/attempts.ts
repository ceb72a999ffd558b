import type { Clock } from '../runtime/clock.ts';

const window = 5 * 60_000;
const maxKeys = 10_000;

/** Counts attempts per key within five minutes. When there are too many keys, the oldest are dropped. */
export class Attempts {
  readonly #limit: number;
  readonly #clock: Clock;
  readonly #byKey = new Map<string, { count: number; readonly until: number }>();

  constructor(limit: number, clock: Clock) {
    this.#limit = limit;
    this.#clock = clock;
  }

  /** Counts an attempt. Returns the milliseconds to wait when there were too many, else 0. */
  take(key: string): number {
    const now = this.#clock.now();
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

  /** Takes one counted attempt back. */
  giveBack(key: string): void {
    const known = this.#byKey.get(key);
    if (known !== undefined) known.count -= 1;
  }

  /** Forgets the attempts of a key. */
  clear(key: string): void {
    this.#byKey.delete(key);
  }
}
