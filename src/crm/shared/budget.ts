import { type Clock, monotonicClock } from '../../runtime/clock.ts';
import type { Bucket } from '../../runtime/leaky-bucket.ts';
import { Nudge } from '../../runtime/nudge.ts';

/** The order in which requests get a place in a limit: a call that rings, then deliveries, then readings. */
export type Urgency = 'live' | 'usual' | 'background';

const order: readonly Urgency[] = ['live', 'usual', 'background'];

/**
 * How full each urgency may make the bucket. The difference is a reserve: a call that rings finds room at once even
 * while a backlog is delivered. The tenth at the top is for requests of several instances that were delayed on the way
 * and arrive together.
 */
export const shares: Readonly<Record<Urgency, number>> = { live: 0.9, usual: 0.7, background: 0.5 };

/** Milliseconds after which a background request counts as usual, so that a long backlog does not stop it altogether. */
const patience = 10_000;

interface Waiting {
  readonly urgency: Urgency;
  readonly since: number;
  readonly admit: () => void;
}

/** Spreads requests over time so that a limit of the other side is never exceeded, the urgent ones first. */
export class Budget {
  readonly #bucket: Bucket;
  readonly #clock: Clock;
  readonly #waiting = new Set<Waiting>();
  readonly #nudge = new Nudge();
  #admitting = false;

  constructor(bucket: Bucket, clock: Clock = monotonicClock) {
    this.#bucket = bucket;
    this.#clock = clock;
  }

  /**
   * Resolves when a request may be made, to what has to be called once it has been answered. Rejects with the signal's
   * reason once that aborts.
   */
  async take(urgency: Urgency, signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    // A signal of its own, since many requests may wait with the same one.
    const own = AbortSignal.any([signal]);
    await new Promise<void>((resolve, reject) => {
      const leave = () => {
        this.#waiting.delete(waiting);
        reject(signal.reason);
      };
      const admit = () => {
        this.#waiting.delete(waiting);
        own.removeEventListener('abort', leave);
        resolve();
      };
      const waiting: Waiting = { urgency, since: this.#clock.now(), admit };
      this.#waiting.add(waiting);
      own.addEventListener('abort', leave, { once: true });
      if (this.#admitting) this.#nudge.nudge();
      else void this.#admit();
    });
    return () => {
      this.#bucket.landed();
      this.#nudge.nudge();
    };
  }

  /** The other side has refused a request because of the limit. */
  async exceeded(): Promise<void> {
    await this.#bucket.fill();
  }

  async #admit(): Promise<void> {
    this.#admitting = true;
    for (let next = this.#next(); next !== null; next = this.#next()) {
      this.#nudge.reset();
      const pause = await this.#bucket.take(shares[next.as]);
      // One that has left meanwhile gives its place to the next.
      if (pause === 0) (this.#waiting.has(next.one) ? next : this.#next())?.one.admit();
      else await this.#nudge.wait(pause);
    }
    this.#admitting = false;
  }

  #next(): { readonly one: Waiting; readonly as: Urgency } | null {
    const now = this.#clock.now();
    let best: { readonly one: Waiting; readonly as: Urgency } | null = null;
    for (const one of this.#waiting) {
      const as = one.urgency === 'background' && now - one.since >= patience ? 'usual' : one.urgency;
      const isBefore =
        best === null || order.indexOf(as) < order.indexOf(best.as) || (as === best.as && one.since < best.one.since);
      if (isBefore) best = { one, as };
    }
    return best;
  }
}
