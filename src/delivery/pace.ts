/** At most `max` starts within `duration` milliseconds. */
export interface Rate {
  readonly max: number;
  readonly duration: number;
}

/** Shortest interval between starts in milliseconds. At higher rates several start together. */
const minInterval = 100;

/**
 * Converts `perSecond` to a rate with starts spread as evenly as possible, so that even a small leaky bucket at the
 * receiver never overflows.
 */
export function rateOf(perSecond: number): Rate {
  const max = Math.max(1, Math.floor((perSecond * minInterval) / 1000));
  return { max, duration: Math.ceil((max * 1000) / perSecond) };
}

/** Enforces a rate within this process. Without a rate there is always room. */
export class Pace {
  readonly #rate: Rate | null;
  #since = Number.NEGATIVE_INFINITY;
  #begun = 0;

  constructor(rate: Rate | null) {
    this.#rate = rate;
  }

  /** Whether there is a rate. */
  get isLimited(): boolean {
    return this.#rate !== null;
  }

  /** Milliseconds within which the rate counts starts; 0 without a rate. */
  get interval(): number {
    return this.#rate?.duration ?? 0;
  }

  /** How many may start now. */
  get room(): number {
    if (this.#rate === null) return Number.POSITIVE_INFINITY;
    return this.wait > 0 ? 0 : this.#rate.max - this.#begun;
  }

  /** Milliseconds until more may start; 0 if some may start now. */
  get wait(): number {
    if (this.#rate === null) return 0;
    const left = this.#since + this.#rate.duration - performance.now();
    if (left <= 0) this.#begun = 0;
    return this.#begun < this.#rate.max ? 0 : left;
  }

  /** Records that `count` have started. */
  recordStarts(count: number): void {
    if (this.#begun === 0) this.#since = performance.now();
    this.#begun += count;
  }
}
