import type { DeliveryOutcome } from '../domain/delivery.ts';
import type { Store } from '../domain/store-port.ts';
import type { Write, WriteResult } from '../domain/writes.ts';
import type { BackoffLimits } from '../runtime/backoff.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/log.ts';
import { DestinationLoop } from './destination-loop.ts';
import type { Destination } from './destinations/contract.ts';
import type { OpenQueue } from './shared-queue.ts';

/** A destination at work, with the settings of its loop. */
export interface ScheduledDestination {
  /** The destination's name in the configuration. */
  readonly name: string;
  readonly destination: Destination;
  /** Longest attempt in milliseconds, after which it is broken off; a minute by default. */
  readonly longest?: number;
  /** Deliveries at once; 4 by default. */
  readonly concurrency?: number;
  /** Waits between attempts, in milliseconds; 2 s to 2 h by default. */
  readonly backoff?: BackoffLimits;
  /** Attempts a second at the most, over all instances where they share a queue; without limit by default. */
  readonly rate?: number;
}

/** What the scheduler is built from. */
export interface SchedulerOptions {
  readonly read: Pick<Store['read'], 'owedDue' | 'owedNext' | 'interaction'>;
  /** Gives what is due, to nobody else at the same time. */
  readonly claim: Store['claimOwed'];
  /** Lets go of what was given and is not begun. */
  readonly release: Store['releaseOwed'];
  /** Where outcomes are written: the intake's `apply`. */
  readonly apply: (writes: readonly Write[]) => Promise<readonly WriteResult[]>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly destinations: readonly ScheduledDestination[];
  /** Longest pause between two looks into the store, in milliseconds: another process may have written. 3 s by default. */
  readonly poll?: number;
  /** The queue by which several instances share out the work; without it each takes from the store what is due. */
  readonly openQueue?: OpenQueue;
}

/** Attempts by how they ended since the start, for the metrics. */
export type DeliveryCounts = Readonly<Record<DeliveryOutcome['kind'], number>>;

/**
 * Brings each destination what it is owed. One loop a destination, so that one CRM that hangs never
 * holds another up; where the work comes from, the store alone or a shared queue, is the loop's business.
 */
export class DeliveryScheduler {
  readonly #loops: readonly DestinationLoop[];

  constructor(options: SchedulerOptions) {
    this.#loops = options.destinations.map((destination) => new DestinationLoop(destination, options));
  }

  start(): void {
    for (const loop of this.#loops) loop.start();
  }

  /** Something may be due: look now. Call it for each change. */
  nudge(): void {
    for (const loop of this.#loops) loop.nudge();
  }

  /** Attempts since the start, by destination. */
  counts(): readonly { readonly destination: string; readonly counts: DeliveryCounts; readonly inFlight: number }[] {
    return this.#loops.map(({ name, counts, inFlight }) => ({ destination: name, counts, inFlight }));
  }

  /**
   * Takes nothing new and awaits what is under way for up to `grace` milliseconds, then abandons it: it stays
   * due and is repeated at the next start under the same webhook-id.
   */
  async stop(grace = 5000): Promise<void> {
    await Promise.all(this.#loops.map((loop) => loop.stop(grace)));
  }
}
