import type { Leases } from '../domain/ports/store.ts';
import type { Logger } from '../runtime/log.ts';
import { sleep } from '../runtime/sleep.ts';
import type { CoreLease } from './contract.ts';

/** Milliseconds that a lease lasts, and after which the work under it is broken off. */
const life = 60_000;
const longestWork = 50_000;
/** Pause between two looks whether another instance is done, in milliseconds. */
const pause = 200;

/** What a core's leases are kept with. */
export interface CoreLeaseParts {
  readonly leases: Leases;
  readonly log: Logger;
  /** Aborted when the program stops. */
  readonly signal: AbortSignal;
}

/** Lets one piece of work of a core at a time pass, over all instances. */
export function coreLease(core: string, { leases, log, signal }: CoreLeaseParts): CoreLease {
  /** The store gives this instance a lease that it holds already: its own callers wait here for each other. */
  const queues = new Map<string, Promise<unknown>>();

  async function held<Result>(name: string, work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    let epoch: number | null = null;
    while (epoch === null) {
      signal.throwIfAborted();
      epoch = await leases.take(name, life, false);
      if (epoch === null) await sleep(pause, signal);
    }
    try {
      return await work(AbortSignal.any([signal, AbortSignal.timeout(longestWork)]));
    } finally {
      await leases
        .release(name, epoch)
        .catch((error: unknown) =>
          log.warn({ err: error, lease: name }, 'a lease could not be given back; it runs out'),
        );
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
