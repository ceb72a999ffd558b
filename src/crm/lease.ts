import type { Leases } from '../domain/ports/store.ts';
import type { Logger } from '../runtime/log.ts';
import { sleep } from '../runtime/sleep.ts';
import type { CoreLease } from './contract.ts';

/** Lifetime of a lease in milliseconds, and the time limit for work under it. */
const life = 60_000;
const workTimeout = 50_000;
/** Milliseconds between two attempts to take the lease. */
const pause = 200;

/** Dependencies of a core's leases. */
export interface CoreLeaseParts {
  readonly leases: Leases;
  readonly log: Logger;
  /** Aborted when the program stops. */
  readonly signal: AbortSignal;
}

/** Runs one piece of work per core and purpose at a time, across all instances. */
export function coreLease(core: string, { leases, log, signal }: CoreLeaseParts): CoreLease {
  /** The store would grant this instance a lease that it already holds, so local callers queue here. */
  const queues = new Map<string, Promise<unknown>>();

  async function held<Result>(name: string, work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    let epoch: number | null = null;
    while (epoch === null) {
      signal.throwIfAborted();
      epoch = await leases.take(name, life, false);
      if (epoch === null) await sleep(pause, signal);
    }
    try {
      return await work(AbortSignal.any([signal, AbortSignal.timeout(workTimeout)]));
    } finally {
      await leases
        .release(name, epoch)
        .catch((error: unknown) => log.warn({ err: error, lease: name }, 'could not release a lease; it will expire'));
    }
  }

  return {
    hold(purpose, work) {
      const name = `crm:${core}/${purpose}`;
      const before = queues.get(name) ?? Promise.resolve();
      const own = before.then(() => held(name, work));
      queues.set(
        name,
        own.catch(() => undefined),
      );
      return own;
    },
  };
}
