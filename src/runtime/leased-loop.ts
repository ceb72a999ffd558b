import { Lease, type LeaseOptions } from './lease.ts';
import { Loop, type LoopOptions } from './loop.ts';

/** A loop that runs on one instance at a time; its name is the lease's name too. */
export type LeasedLoopOptions = LoopOptions & Pick<LeaseOptions, 'leases' | 'log'>;

/** A loop under a lease: begun when the lease is taken, ended and awaited before it is given back. */
export class LeasedLoop {
  readonly #lease: Lease;
  /** Null while another instance has the lease. */
  #loop: Loop | null = null;

  constructor(options: LeasedLoopOptions) {
    const { name, leases, log } = options;
    this.#lease = new Lease({
      name,
      leases,
      log,
      goesOnInDoubt: false,
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
