import { type Clock, monotonicClock } from './clock.ts';

/** A limit of requests: a bucket of this size that drains all the time. */
export interface BucketLimit {
  /** Requests a second that drain. */
  readonly perSecond: number;
  /** Requests that fit in. */
  readonly size: number;
}

/** The part of a limit that one of several instances takes if they can't share a bucket. */
export function partOf({ perSecond, size }: BucketLimit, instances: number): BucketLimit {
  return { perSecond: perSecond / instances, size: Math.max(1, size / instances) };
}

/** A leaky bucket, alone in this process or shared with others. */
export interface Bucket {
  /**
   * Adds a request if the bucket is then filled to `share` (0 to 1) at the most. Resolves to 0 if it was added, else
   * to the milliseconds until it can be.
   */
  take(share: number): Promise<number>;
  /** A request that was added has been answered. */
  landed(): void;
  /** The other side reports that its bucket is full, so others use it as well. */
  fill(): Promise<void>;
}

/**
 * The highest level that a share of a bucket allows; at least one request always fits. The other side may drain its
 * bucket once a second only, so the drain of a second is kept free.
 */
export function ceilingOf({ perSecond, size }: BucketLimit, share: number): number {
  return Math.max(1, (size - perSecond) * share);
}

/**
 * A bucket of this process. It begins full, unless its level is known: an earlier run may have filled the other side's. A request begins to drain
 * when it is answered, since nobody knows how long it was on its way to the other side.
 */
export class LeakyBucket implements Bucket {
  readonly #limit: BucketLimit;
  readonly #clock: Clock;
  #level: number;
  /** Requests on their way. */
  #flying = 0;
  #at: number;

  constructor(limit: BucketLimit, clock: Clock = monotonicClock) {
    this.#limit = limit;
    this.#clock = clock;
    this.#level = limit.size;
    this.#at = clock.now();
  }

  /** How full it is, with the requests on their way. */
  get level(): number {
    this.#drain();
    return this.#level + this.#flying;
  }

  /** Sets the level that it had `passed` milliseconds ago; nothing was added since. */
  restore(level: number, passed: number): void {
    this.#drain();
    this.#level = Math.max(0, level - (passed / 1000) * this.#limit.perSecond);
  }

  async take(share: number): Promise<number> {
    this.#drain();
    const excess = this.#level + this.#flying + 1 - ceilingOf(this.#limit, share);
    if (excess > 0) return Math.ceil((excess / this.#limit.perSecond) * 1000);
    this.#flying += 1;
    return 0;
  }

  landed(): void {
    this.#drain();
    this.#flying -= 1;
    this.#level += 1;
  }

  async fill(): Promise<void> {
    this.#drain();
    this.#level = this.#limit.size;
  }

  #drain(): void {
    const now = this.#clock.now();
    this.#level = Math.max(0, this.#level - (Math.max(0, now - this.#at) / 1000) * this.#limit.perSecond);
    this.#at = now;
  }
}
