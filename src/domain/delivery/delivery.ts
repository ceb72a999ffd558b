import type { Reason } from '../base/reason.ts';
import type { Link } from '../interaction/interaction.ts';

/** What kinds of thing a destination can be owed. `client_erasure`: that a client was deleted, by the client's id. */
export type SubjectKind = 'interaction' | 'lead' | 'task' | 'client_erasure';

/** `due`: to be sent at `nextAt`. `parked`: refused for good, waits for a human. `done`: the destination has the latest revision. */
export type OwedState = 'due' | 'parked' | 'done';

/**
 * One thing a destination is owed the latest state of, keyed by (destination, kind, subject). What is
 * owed grows with subjects, not with events.
 */
export interface Owed {
  /** Ours, for people to name the row by: stable while the row lives. */
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
