import type { AuditEntry } from '../access/audit.ts';
import type { DeliveryOutcome, SubjectKind } from '../delivery/delivery.ts';
import type { LedgerSubject, StepState } from '../delivery/ledger.ts';
import type { Quarantined } from '../interaction/quarantine.ts';
import type { BlobId } from './blobs.ts';

/** What destinations are owed. */
export type DeliveryWrite =
  /** The destinations from now on. `wants`: their kinds by name; interactions only, if a name is absent. */
  | {
      readonly op: 'destinations';
      readonly names: readonly string[];
      readonly wants?: Readonly<Record<string, readonly SubjectKind[]>>;
      readonly at: number;
    }
  /** How a delivery of `revision` ended. A newer revision stays due. */
  | {
      readonly op: 'delivered';
      readonly destination: string;
      readonly kind: SubjectKind;
      readonly subject: string;
      readonly revision: number;
      readonly outcome: DeliveryOutcome;
      readonly at: number;
    }
  /** A human wants a retry now: of one row, or of all parked ones of a destination. */
  | { readonly op: 'retry-delivery'; readonly id: string; readonly at: number };

/** What CRM cores keep. */
export type CrmWrite =
  /** The state of a destination's remote step; null: it is known not to have happened. */
  | {
      readonly op: 'ledger';
      readonly of: LedgerSubject;
      readonly step: string;
      readonly state: StepState | null;
      readonly remote: string | null;
      readonly at: number;
    }
  /** Keeps a secret of a CRM core, encrypted by the caller; null removes it. */
  | { readonly op: 'vault'; readonly owner: string; readonly name: string; readonly sealed: string | null };

/** What could not be taken in. */
export type QuarantineWrite =
  /** Adds an entry; the same `connection` and `key` again counts as another failed attempt. */
  | { readonly op: 'quarantine'; readonly entry: Quarantined }
  /** A human wants a retry of one entry, or of all (null). */
  | { readonly op: 'quarantine-retry'; readonly id: string | null }
  /** Removes an entry that was taken in or given up. With `tries`, only if no attempt has failed since. */
  | { readonly op: 'quarantine-remove'; readonly id: string; readonly tries: number | null };

/** Writes of one row that depend on nothing else. */
export type BookkeepingWrite =
  | { readonly op: 'cursor'; readonly connection: string; readonly name: string; readonly value: string }
  | { readonly op: 'audit'; readonly entry: AuditEntry }
  /** Removes up to `limit` of the oldest entries before a moment (milliseconds since the epoch). */
  | { readonly op: 'forget-audit'; readonly before: number; readonly limit: number }
  /** Blobs without references were removed from storage. */
  | { readonly op: 'blobs-removed'; readonly blobs: readonly BlobId[] }
  /** Somebody listened to a recording. */
  | { readonly op: 'recording-heard'; readonly recording: string; readonly by: string; readonly at: number };

/** Sets the destinations. */
export type DestinationsWrite = Extract<DeliveryWrite, { op: 'destinations' }>;

/** How a delivery ended. */
export type DeliveredWrite = Extract<DeliveryWrite, { op: 'delivered' }>;
