import type { Reason } from '../base/reason.ts';
import type { Link } from '../interaction/interaction.ts';

/** The kinds of subjects that a destination can be owed. `client_erasure`: the deletion of a client, by the client's id. */
export type SubjectKind = 'interaction' | 'lead' | 'task' | 'client_erasure';

/** `due`: to be sent at `nextAt`. `parked`: refused for good, waits for a human. `done`: the destination has the latest revision. */
export type OwedState = 'due' | 'parked' | 'done';

/**
 * A subject whose latest state a destination is owed, keyed by (destination, kind, subject). The number of rows grows with
 * subjects, not with events.
 */
export interface Owed {
  /** Our id of the row, stable while it exists. */
  readonly id: string;
  readonly destination: string;
  readonly kind: SubjectKind;
  readonly subject: string;
  /** The revision that is owed now. */
  readonly revision: number;
  /** The highest revision the destination has taken, 0 for none. */
  readonly deliveredRevision: number;
  readonly state: OwedState;
  /** Failed attempts since the last success. */
  readonly attempts: number;
  /** Milliseconds since the epoch. */
  readonly nextAt: number;
  /** Why the last attempt failed, in English; null when it did not. It may quote the receiver. */
  readonly lastError: string | null;
  /** The same as a code. Null also where an earlier version, which had no codes, made the attempt. */
  readonly lastReason: Reason | null;
  readonly updatedAt: number;
}

/** How one attempt ended. */
export type DeliveryOutcome =
  | { readonly kind: 'done'; readonly link: Link | null }
  | { readonly kind: 'retry'; readonly at: number; readonly reason: Reason }
  | { readonly kind: 'park'; readonly reason: Reason };
