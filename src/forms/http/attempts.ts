const window = 5 * 60_000;
const maxKeys = 10_000;

/**
 * Counts attempts per key within five minutes. It counts by the monotonic clock: a machine's clock that is set back must not lock
 * anybody out for days. When too many keys are known, the oldest are forgotten.
 */
export class Attempts {
  readonly #limit: number;
  readonly #byKey = new Map<string, { count: number; readonly until: number }>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Counts one attempt; returns the milliseconds to wait if that is one too many, else 0. */
  take(key: string): number {
    const now = performance.now();
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
