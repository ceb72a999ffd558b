import type { SubjectKind } from '../domain/delivery/delivery.ts';
import type { Destination } from '../domain/delivery/destination.ts';
import type { CompanyPeople, DeliveryFilter } from '../domain/delivery/filter.ts';
import type { Store } from '../domain/ports/store.ts';
import type { Write, WriteResult } from '../domain/ports/writes.ts';
import type { BackoffLimits } from '../runtime/backoff.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/log.ts';
import type { Loops } from '../runtime/loop.ts';
import type { OpenQueue } from './shared-queue.ts';

/** A destination with the settings of its loop. */
export interface ScheduledDestination {
  /** The destination's name in the configuration. */
  readonly name: string;
  readonly destination: Destination;
  /** The kinds of subjects it wants; all by default. */
  readonly wants?: readonly SubjectKind[];
  /** What it takes of these; everything by default. */
  readonly filter?: DeliveryFilter;
  /** Time limit of an attempt in milliseconds; a minute by default. */
  readonly timeout?: number;
  /** Maximum number of concurrent deliveries; 4 by default. */
  readonly concurrency?: number;
  /** Delays between attempts in milliseconds; 2 s to 2 h by default. */
  readonly backoff?: BackoffLimits;
  /** Maximum attempts per second, over all instances if they share a queue; unlimited by default. */
  readonly rate?: number;
}

/** Dependencies and settings of the scheduler. */
export interface SchedulerOptions {
  readonly read: Pick<Store['read'], 'owedDue' | 'owedNext' | 'interaction' | 'lead' | 'task' | 'client' | 'ledger'>;
  /** Claims due deliveries exclusively. */
  readonly claim: Store['claimOwed'];
  /** Releases claims on deliveries that were not started. */
  readonly release: Store['releaseOwed'];
  /** The intake's `apply`, which writes outcomes. */
  readonly apply: (writes: readonly Write[]) => Promise<readonly WriteResult[]>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly destinations: readonly ScheduledDestination[];
  /** The current managers and lines, for the filters of destinations; none by default. */
  readonly people?: () => CompanyPeople;
  /**
   * Longest pause between two polls of the store in milliseconds, because another process may have written to it. 3 s
   * by default.
   */
  readonly poll?: number;
  /**
   * Opens the queues through which several instances share the work. Without it, each instance takes due deliveries
   * from the store.
   */
  readonly openQueue?: OpenQueue;
  /** Registry that reports the health of background loops. */
  readonly loops?: Loops;
}
