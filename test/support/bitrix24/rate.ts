import type { Clock } from '../../../src/runtime/clock.ts';
import type { PortalOptions } from './options.ts';

const minuteMs = 60_000;
const buckets = 10;

/** The leaky bucket of requests: each adds one, and it drains all the time. */
export class RequestBucket {
  readonly #clock: Clock;
  readonly #rate: NonNullable<PortalOptions['rate']>;
  #level = 0;
  #at: number;
  /** Requests refused so far. */
  refused = 0;
  /** The fullest that it has been. */
  highest = 0;

  constructor(clock: Clock, rate: PortalOptions['rate']) {
    this.#clock = clock;
    this.#rate = rate ?? { drain: 2, size: 50 };
    this.#at = clock.now();
  }

  /** False: the bucket is full, and the request is refused. */
  take(): boolean {
    if (this.#rate === 'off') return true;
    const now = this.#clock.now();
    this.#level = Math.max(0, this.#level - ((now - this.#at) / 1000) * this.#rate.drain);
    this.#at = now;
    if (this.#level + 1 > this.#rate.size) {
      this.refused += 1;
      return false;
    }
    this.#level += 1;
    this.highest = Math.max(this.highest, this.#level);
    return true;
  }
}

/** What a method's answer says of its running time. */
export interface Operating {
  readonly operating: number;
  readonly operating_reset_at: number;
}

/** Running time of each method and caller within the last ten minutes. */
export class OperatingTime {
  readonly #clock: Clock;
  readonly #cost: (method: string) => number;
  readonly #limit: number;
  readonly #spent = new Map<string, Map<number, number>>();

  constructor(clock: Clock, options: PortalOptions['operating']) {
    this.#clock = clock;
    this.#cost = options?.cost ?? (() => 0);
    this.#limit = options?.limit ?? 480;
  }

  #minutes(source: string, method: string): Map<number, number> {
    const key = `${source} ${method}`;
    const minutes = this.#spent.get(key) ?? new Map<number, number>();
    this.#spent.set(key, minutes);
    const oldest = Math.floor(this.#clock.now() / minuteMs) - buckets;
    for (const minute of minutes.keys()) if (minute <= oldest) minutes.delete(minute);
    return minutes;
  }

  isExhausted(source: string, method: string): boolean {
    return sum(this.#minutes(source, method)) >= this.#limit;
  }

  /** Counts one call. */
  spend(source: string, method: string): Operating {
    const minutes = this.#minutes(source, method);
    const minute = Math.floor(this.#clock.now() / minuteMs);
    minutes.set(minute, (minutes.get(minute) ?? 0) + this.#cost(method));
    const oldest = Math.min(...minutes.keys());
    return { operating: sum(minutes), operating_reset_at: ((oldest + buckets) * minuteMs) / 1000 };
  }
}

function sum(minutes: ReadonlyMap<number, number>): number {
  return [...minutes.values()].reduce((total, seconds) => total + seconds, 0);
}
