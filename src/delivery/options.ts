import type { SubjectKind } from '../domain/delivery/delivery.ts';
import type { Destination } from '../domain/delivery/destination.ts';
import type { Store } from '../domain/ports/store.ts';
import type { Write, WriteResult } from '../domain/ports/writes.ts';
import type { BackoffLimits } from '../runtime/backoff.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/log.ts';
import type { Loops } from '../runtime/loop.ts';
import type { OpenQueue } from './shared-queue.ts';

/** A destination at work, with the settings of its loop. */
export interface ScheduledDestination {
  /** The destination's name in the configuration. */
  readonly name: string;
  readonly destination: Destination;
  /** What it is owed; everything by default. */
  readonly wants?: readonly SubjectKind[];
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
  readonly read: Pick<Store['read'], 'owedDue' | 'owedNext' | 'interaction' | 'lead' | 'task' | 'client'>;
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
  /** Where the health of the destinations' loops is seen. */
  readonly loops?: Loops;
}
