import type { Leases } from '../domain/ports/store.ts';
import type { Logger } from './log.ts';
import { Loop } from './loop.ts';

/** Settings and callbacks of a lease. */
export interface LeaseOptions {
  readonly name: string;
  readonly leases: Leases;
  readonly log: Logger;
  /** Starts the work that only the holder may do. Its writes carry the epoch. */
  readonly onHeld: (epoch: number) => Promise<void>;
  /** Called after each attempt while another instance holds the lease. */
  readonly onOther?: () => void;
  /** Stops the work. Once another instance holds the lease, later writes are refused. */
  readonly onLost: () => Promise<void>;
  /**
   * Whether the work continues while the store cannot confirm who holds the lease. This suits work that only listens:
   * two at once do no harm, because the store refuses the writes of the one that lost the lease.
   */
  readonly continueInDoubt: boolean;
  readonly times?: LeaseTimes;
}

/** In milliseconds: how long a lease lasts, how often its holder renews it, and how often others try to take it. */
export interface LeaseTimes {
  readonly life: number;
  readonly renew: number;
  readonly look: number;
}

const usual: LeaseTimes = { life: 5000, renew: 1500, look: 1000 };

/** Tries to hold a lease while it runs, and starts and stops the work that only the holder may do. */
export class Lease {
  readonly #options: LeaseOptions;
  readonly #times: LeaseTimes;
  readonly #loop: Loop;
  #epoch: number | null = null;
  #working = false;
  /** When the store last answered, by `performance.now()`. */
  #answeredAt = performance.now();
  /**
   * Until then, expired leases of others are not taken, by `performance.now()`: after an outage the holder gets the
   * first chance.
   */
  #deferUntil = 0;
  #expiry: NodeJS.Timeout | undefined;
  #stopped: Promise<void> | null = null;
  /** Serialises starting and stopping the work. */
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

  /** The epoch while this instance believes that it holds the lease, otherwise null. */
  get epoch(): number | null {
    return this.#epoch;
  }

  start(): void {
    this.#loop.start();
  }

  /** Asks the store again now, because a write was refused under this lease. */
  check(): void {
    this.#loop.nudge();
  }

  /** Stops the work and releases the lease, so that another instance can take it at once. Safe to call twice. */
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
      .catch((error: unknown) => log.warn({ err: error, lease: name }, 'could not release a lease; it will expire'));
  }

  /** Asks the store once, and starts or stops the work accordingly. */
  async #take(): Promise<number> {
    const { leases, name, onOther } = this.#options;
    const { life } = this.#times;
    const askedAt = performance.now();
    try {
      const epoch = await leases.take(name, life, askedAt < this.#deferUntil);
      this.#answeredAt = performance.now();
      if (epoch === null || epoch !== this.#epoch) await this.#lose();
      if (epoch === null) onOther?.();
      if (epoch !== null && !this.#loop.signals.stopping.aborted) this.#hold(epoch, askedAt);
    } catch (error) {
      // A single late answer from a busy store is not an outage. An instance that always waited would never take
      // over.
      if (askedAt - this.#answeredAt > life / 2) this.#deferUntil = performance.now() + life;
      throw error;
    }
    return this.#pause;
  }

  /** Milliseconds until the store is askedAt again. */
  get #pause(): number {
    return this.#epoch === null ? this.#times.look : this.#times.renew;
  }

  #hold(epoch: number, askedAt: number): void {
    const { name, log, onHeld, continueInDoubt } = this.#options;
    if (this.#epoch === null) log.info({ lease: name, epoch }, 'took a lease');
    this.#epoch = epoch;
    clearTimeout(this.#expiry);
    if (!continueInDoubt) {
      this.#expiry = setTimeout(() => void this.#end(), this.#times.life * 0.9 - (performance.now() - askedAt));
    }
    if (this.#working) return;
    // Not awaited: a slow start must not prevent the lease from being renewed.
    void this.#inTurn(async () => {
      if (this.#working || this.#epoch !== epoch) return;
      await onHeld(epoch);
      this.#working = true;
    });
  }

  async #lose(): Promise<void> {
    if (this.#epoch === null) return;
    this.#options.log.warn({ lease: this.#options.name, epoch: this.#epoch }, 'lost a lease');
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
      log.error({ err: error, lease: name }, 'could not start or stop the work of a lease holder');
    });
    return this.#turn;
  }
}
