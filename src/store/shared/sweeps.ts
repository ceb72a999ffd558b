/**
 * Minimum time between two sweeps, in milliseconds. A sweep reads the whole table, and bursts of writes would trigger
 * many.
 */
const often = 60_000;

/** Limits how often expired rows are removed. */
export class Sweeps {
  #next = Number.NEGATIVE_INFINITY;

  /** Whether a sweep is due. If so, the next one is due in a minute. */
  due(now: number): boolean {
    if (now < this.#next) return false;
    this.#next = now + often;
    return true;
  }
}
