import type { Clock } from '../../../src/runtime/clock.ts';
import type { PortalOptions } from './options.ts';

const minuteMs = 60_000;
const keptMs = 10 * minuteMs;

/** The leaky bucket of requests: each adds one, and it drains once a second. */
export class RequestBucket {
  readonly #clock: Clock;
  readonly #rate: NonNullable<PortalOptions['rate']>;
  #level = 0;
  /** The second in which it drained last. */
  #second: number;
  /** Requests refused so far. */
  refused = 0;
  /** The fullest that it has been. */
  highest = 0;

  constructor(clock: Clock, rate: PortalOptions['rate']) {
    this.#clock = clock;
    this.#rate = rate ?? { drain: 2, size: 50 };
    this.#second = Math.floor(clock.now() / 1000);
  }

  /** False: the bucket is full, and the request is refused. */
  take(): boolean {
    if (this.#rate === 'off') return true;
    const second = Math.floor(this.#clock.now() / 1000);
    this.#level = Math.max(0, this.#level - (second - this.#second) * this.#rate.drain);
    this.#second = second;
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

/** The running time of one minute, dropped ten minutes after its first call. */
interface Basket {
  readonly minute: number;
  readonly until: number;
  seconds: number;
}

/** Running time of each method and caller within the last ten minutes. */
export class OperatingTime {
  readonly #clock: Clock;
  readonly #cost: (method: string) => number;
  readonly #limit: number;
  readonly #spent = new Map<string, Basket[]>();

  constructor(clock: Clock, options: PortalOptions['operating']) {
    this.#clock = clock;
    this.#cost = options?.cost ?? (() => 0);
    this.#limit = options?.limit ?? 480;
  }

  #baskets(source: string, method: string): Basket[] {
    const key = `${source} ${method}`;
    const kept = (this.#spent.get(key) ?? []).filter(({ until }) => until > this.#clock.now());
    this.#spent.set(key, kept);
    return kept;
  }

  /** Whether the next call is refused. */
  isExhausted(source: string, method: string): boolean {
    return sum(this.#baskets(source, method)) > this.#limit;
  }

  /** Counts one call. */
  spend(source: string, method: string): Operating {
    const baskets = this.#baskets(source, method);
    const now = this.#clock.now();
    const minute = Math.floor(now / minuteMs);
    const current = baskets.find((one) => one.minute === minute) ?? { minute, until: now + keptMs, seconds: 0 };
    if (!baskets.includes(current)) baskets.push(current);
    current.seconds += this.#cost(method);
    const [oldest = current] = baskets;
    return { operating: sum(baskets), operating_reset_at: Math.floor(oldest.until / 1000) };
  }
}

function sum(baskets: readonly Basket[]): number {
  return baskets.reduce((total, { seconds }) => total + seconds, 0);
}
