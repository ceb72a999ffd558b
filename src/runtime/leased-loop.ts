import { Lease, type LeaseOptions } from './lease.ts';
import { Loop, type LoopOptions } from './loop.ts';

/** Options of a loop that runs on one instance at a time. Its name is also the name of the lease. */
export type LeasedLoopOptions = LoopOptions & Pick<LeaseOptions, 'leases' | 'log'>;

/** A loop under a lease. It starts when the lease is taken, and has ended before the lease is released. */
export class LeasedLoop {
  readonly #lease: Lease;
  /** Null while another instance holds the lease. */
  #loop: Loop | null = null;

  constructor(options: LeasedLoopOptions) {
    const { name, leases, log } = options;
    this.#lease = new Lease({
      name,
      leases,
      log,
      continueInDoubt: false,
      onHeld: async () => {
        this.#loop = new Loop(options);
        this.#loop.start();
      },
      onLost: async () => {
        await this.#loop?.stop();
        this.#loop = null;
      },
    });
  }

  /** See {@link Lease.epoch}. */
  get epoch(): number | null {
    return this.#lease.epoch;
  }

  start(): void {
    this.#lease.start();
  }

  /** See {@link Loop.nudge}. */
  nudge(): void {
    this.#loop?.nudge();
  }

  /** See {@link Lease.check}. */
  check(): void {
    this.#lease.check();
  }

  stop(): Promise<void> {
    return this.#lease.stop();
  }
}
