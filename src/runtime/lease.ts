import type { Leases } from '../domain/ports/store.ts';
import type { Logger } from './log.ts';
import { Loop } from './loop.ts';

/** What a lease is kept with. */
export interface LeaseOptions {
  readonly name: string;
  readonly leases: Leases;
  readonly log: Logger;
  /** Begins what only the holder does; its writes carry the epoch. */
  readonly onHeld: (epoch: number) => Promise<void>;
  /** Another instance holds it; told at each look. */
  readonly onOther?: () => void;
  /** Ends it. What it still writes is refused once somebody else holds the lease. */
  readonly onLost: () => Promise<void>;
  /**
   * Whether the work goes on while the store can't be asked who holds the lease: right for work that only listens, because two
   * at once do no harm and the store refuses the writes of the one that lost.
   */
  readonly goesOnInDoubt: boolean;
  readonly times?: LeaseTimes;
}

/** In milliseconds: how long a lease lasts, how often its holder renews it, how often the others look whether it is free. */
export interface LeaseTimes {
  readonly life: number;
  readonly renew: number;
  readonly look: number;
}

const usual: LeaseTimes = { life: 5000, renew: 1500, look: 1000 };

/** Tries to hold one lease as long as it runs, and starts and stops what only the holder may do. */
export class Lease {
  readonly #options: LeaseOptions;
  readonly #times: LeaseTimes;
  readonly #loop: Loop;
  #epoch: number | null = null;
  #working = false;
  /** When the store last said who holds it, by `performance.now()`. */
  #answeredAt = performance.now();
  /** Until when an expired lease of another is left alone, by `performance.now()`: after an outage its holder comes first. */
  #politeUntil = 0;
  #expiry: NodeJS.Timeout | undefined;
  #stopped: Promise<void> | null = null;
  /** Starting and stopping the work, one after the other. */
  #turn: Promise<void> = Promise.resolve();

  constructor(options: LeaseOptions) {
    this.#options = options;
    this.#times = options.times ?? usual;
    this.#loop = new Loop({
      name: `lease:${options.name}`,
      round: () => this.#take(),
      backoff: () => this.#pause,
      nudgeEndsBackoff: true,
      onTrouble: (error) => {
        options.log.warn({ err: error, lease: options.name }, 'lease holder unknown: the store did not answer');
      },
    });
  }

  /** The epoch while this instance holds the lease as far as it knows, else null. */
  get epoch(): number | null {
    return this.#epoch;
  }

  start(): void {
    this.#loop.start();
  }

  /** Ask the store again now: a write was refused because somebody else holds the lease. */
  check(): void {
    this.#loop.nudge();
  }

  /** Ends the work and gives the lease back, so that another takes it at once. Safe to call twice. */
  stop(): Promise<void> {
    this.#stopped ??= this.#giveBack();
    return this.#stopped;
  }

  async #giveBack(): Promise<void> {
    await this.#loop.stop();
    clearTimeout(this.#expiry);
    const { leases, name, log } = this.#options;
    const epoch = this.#epoch;
    await this.#end();
    if (epoch === null) return;
    await leases
      .release(name, epoch)
      .catch((error: unknown) => log.warn({ err: error, lease: name }, 'a lease could not be given back; it runs out'));
  }

  /** Asks the store once, and begins or ends the work accordingly. */
  async #take(): Promise<number> {
    const { leases, name, onOther } = this.#options;
    const { life } = this.#times;
    const asked = performance.now();
    try {
      const epoch = await leases.take(name, life, asked < this.#politeUntil);
      this.#answeredAt = performance.now();
      if (epoch === null || epoch !== this.#epoch) await this.#lose();
      if (epoch === null) onOther?.();
      if (epoch !== null && !this.#loop.signals.stopping.aborted) this.#hold(epoch, asked);
    } catch (error) {
      // One late answer of a busy store is no outage: an instance that is always polite takes nothing over.
      if (asked - this.#answeredAt > life / 2) this.#politeUntil = performance.now() + life;
      throw error;
    }
    return this.#pause;
  }

  /** Until the store is asked again, in milliseconds. */
  get #pause(): number {
    return this.#epoch === null ? this.#times.look : this.#times.renew;
  }

  #hold(epoch: number, asked: number): void {
    const { name, log, onHeld, goesOnInDoubt } = this.#options;
    if (this.#epoch === null) log.info({ lease: name, epoch }, 'a lease was taken');
    this.#epoch = epoch;
    clearTimeout(this.#expiry);
    if (!goesOnInDoubt) {
      this.#expiry = setTimeout(() => void this.#end(), this.#times.life * 0.9 - (performance.now() - asked));
    }
    if (this.#working) return;
    // Not awaited: what takes long to begin must not keep the lease from being renewed.
    void this.#inTurn(async () => {
      if (this.#working || this.#epoch !== epoch) return;
      await onHeld(epoch);
      this.#working = true;
    });
  }

  async #lose(): Promise<void> {
    if (this.#epoch === null) return;
    this.#options.log.warn({ lease: this.#options.name, epoch: this.#epoch }, 'a lease was lost');
    this.#epoch = null;
    clearTimeout(this.#expiry);
    await this.#end();
  }

  #end(): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.#working) return;
      this.#working = false;
      await this.#options.onLost();
    });
  }

  #inTurn(task: () => Promise<void>): Promise<void> {
    const { log, name } = this.#options;
    this.#turn = this.#turn.then(task).catch((error: unknown) => {
      log.error({ err: error, lease: name }, 'what the holder of a lease does could not be started or stopped');
    });
    return this.#turn;
  }
}
