import type { Reason } from '../base/reason.ts';
import type { Link } from '../interaction/interaction.ts';

/** What can be delivered to a destination. `client_erasure`: the deletion of a client, by the client's id. */
export type SubjectKind = 'interaction' | 'lead' | 'task' | 'client_erasure';

/**
 * `due`: to be sent at `nextAt`. `parked`: refused permanently, needs a human. `done`: the destination has the latest revision.
 * `skipped`: the filter of the destination leaves the subject out.
 */
export type OwedState = 'due' | 'parked' | 'done' | 'skipped';

/**
 * The delivery of a subject's latest state to a destination, keyed by (destination, kind, subject). The number of rows grows with
 * the number of subjects, not of events.
 */
export interface Owed {
  /** The id of this row. */
  readonly id: string;
  readonly destination: string;
  readonly kind: SubjectKind;
  readonly subject: string;
  /** The revision to deliver. */
  readonly revision: number;
  /** The highest revision that the destination has accepted; 0 for none. */
  readonly deliveredRevision: number;
  readonly state: OwedState;
  /** Failed attempts since the last success. */
  readonly attempts: number;
  /** Milliseconds since the epoch. */
  readonly nextAt: number;
  /** Why the last attempt failed, in English; null if it succeeded. It may quote the receiver. */
  readonly lastError: string | null;
  /** The same as a code. Also null if the attempt was made by an earlier version, which had no codes. */
  readonly lastReason: Reason | null;
  readonly updatedAt: number;
}

/** How one attempt ended. */
export type AttemptOutcome =
  | { readonly kind: 'done'; readonly link: Link | null }
  | { readonly kind: 'retry'; readonly at: number; readonly reason: Reason }
  | { readonly kind: 'park'; readonly reason: Reason };

/** How one attempt ended, or `skip` if none was made because the filter of the destination leaves the subject out. */
export type DeliveryOutcome = AttemptOutcome | { readonly kind: 'skip' };
