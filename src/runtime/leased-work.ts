import { Lease, type LeaseOptions } from './lease.ts';

/** Work that only one instance does at a time. */
export interface LeasedWorkOptions extends Pick<LeaseOptions, 'name' | 'leases' | 'log'> {
  /** Runs while the lease is held; it must return soon after `signal` is aborted, and see to its own errors. */
  readonly run: (signal: AbortSignal) => Promise<void>;
}

/** A lease whose holder runs a loop: begun when the lease is taken, ended and awaited before it is given back. */
export function leasedWork({ run, ...options }: LeasedWorkOptions): Lease {
  let stopping = new AbortController();
  let running: Promise<void> = Promise.resolve();
  return new Lease({
    ...options,
    goesOnInDoubt: false,
    onHeld: async () => {
      stopping = new AbortController();
      running = run(stopping.signal);
    },
    onLost: async () => {
      stopping.abort();
      await running;
    },
  });
}
