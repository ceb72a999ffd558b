/** At most `max` begin within `duration` milliseconds. */
export interface Rate {
  readonly max: number;
  readonly duration: number;
}

/** Shortest interval, in milliseconds, that beginnings are spread by; more a second begin several at a time. */
const shortestInterval = 100;

/** `perSecond` as evenly as it can be: a receiver's leaky bucket then never overflows, however small it is. */
export function rateOf(perSecond: number): Rate {
  const max = Math.max(1, Math.floor((perSecond * shortestInterval) / 1000));
  return { max, duration: Math.ceil((max * 1000) / perSecond) };
}

/** A rate as this process keeps it by itself; without one there is always room. */
export class Pace {
  readonly #rate: Rate | null;
  #since = Number.NEGATIVE_INFINITY;
  #begun = 0;

  constructor(rate: Rate | null) {
    this.#rate = rate;
  }

  /** How many may begin now. */
  get room(): number {
    if (this.#rate === null) return Number.POSITIVE_INFINITY;
    return this.wait > 0 ? 0 : this.#rate.max - this.#begun;
  }

  /** Milliseconds until more may begin; 0 when some may now. */
  get wait(): number {
    if (this.#rate === null) return 0;
    const left = this.#since + this.#rate.duration - performance.now();
    if (left <= 0) this.#begun = 0;
    return this.#begun < this.#rate.max ? 0 : left;
  }

  /** So many have begun. */
  took(count: number): void {
    if (this.#begun === 0) this.#since = performance.now();
    this.#begun += count;
  }
}
