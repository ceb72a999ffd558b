import type { AuditEntry } from '../access/audit.ts';
import type { InteractionId } from '../base/ids.ts';
import type { Transcript } from '../call/transcript.ts';
import type { DeliveryOutcome, SubjectKind } from '../delivery/delivery.ts';
import type { LedgerChange, LedgerSubject, StepState } from '../delivery/ledger.ts';
import type { Quarantined } from '../interaction/quarantine.ts';
import type { BlobId } from './blobs.ts';

/** Deliveries to destinations. */
export type DeliveryWrite =
  /**
   * Sets the destinations from now on. `wants` lists the kinds they want by name; without an entry a destination
   * wants only interactions.
   */
  | {
      readonly op: 'destinations';
      readonly names: readonly string[];
      readonly wants?: Readonly<Record<string, readonly SubjectKind[]>>;
      readonly at: number;
    }
  /** Records how a delivery of `revision` ended. A newer revision stays due. */
  | {
      readonly op: 'delivered';
      readonly destination: string;
      readonly kind: SubjectKind;
      readonly subject: string;
      readonly revision: number;
      readonly outcome: DeliveryOutcome;
      /** Whether leads and tasks of this contact that were skipped at the destination are due now. */
      readonly wakesFollowUps?: boolean;
      readonly at: number;
    }
  /** Makes a delivery, or all parked ones of a destination, due now at a person's request. */
  | { readonly op: 'retry-delivery'; readonly id: string; readonly at: number }
  /**
   * Makes a finished delivery due again because the destination no longer has it as we delivered it, and corrects the
   * ledger accordingly. Refused as a conflict unless it is finished.
   */
  | {
      readonly op: 'deliver-again';
      readonly of: LedgerSubject;
      readonly ledger: readonly LedgerChange[];
      readonly at: number;
    };

/** The ledger and the vault of CRM cores. */
export type CrmWrite =
  /** Sets the state of a remote step; null if it certainly did not happen. */
  | {
      readonly op: 'ledger';
      readonly of: LedgerSubject;
      readonly step: string;
      readonly state: StepState | null;
      readonly remote: string | null;
      readonly at: number;
    }
  /** Stores a secret that the caller has encrypted; null removes it. */
  | { readonly op: 'vault'; readonly owner: string; readonly name: string; readonly sealed: string | null };

/** Contacts that could not be stored. */
export type QuarantineWrite =
  /**
   * Keeps a contact that could not be stored. The same `connection` and `key` again count as another failed attempt.
   */
  | { readonly op: 'quarantine'; readonly entry: Quarantined }
  /** Requests another attempt at one entry, or at all (null). */
  | { readonly op: 'quarantine-retry'; readonly id: string | null }
  /**
   * Removes an entry that was stored or that a person has given up. With `tries`, only if no attempt has failed
   * since.
   */
  | { readonly op: 'quarantine-remove'; readonly id: string; readonly tries: number | null };

/** Recordings of a call. */
export type RecordingsWrite =
  /** Erases the sound and the transcripts of recordings of one call, which were kept for `days`. */
  | {
      readonly op: 'erase-recordings';
      readonly interaction: InteractionId;
      readonly recordings: readonly string[];
      readonly days: number;
      readonly at: number;
    }
  /** Stores the transcript of a recording in place of an earlier one. `by` is the manager or program that brings it. */
  | {
      readonly op: 'put-transcript';
      readonly interaction: InteractionId;
      readonly recording: string;
      readonly transcript: Transcript;
      readonly by: string;
      readonly at: number;
    };

/** The words of a contact, separated by blanks; see `domain/search/index-words.ts`. Null for a removed contact. */
export interface IndexedText {
  readonly interaction: InteractionId;
  readonly revision: number;
  readonly words: string | null;
}

/** Independent single-row writes. */
export type BookkeepingWrite =
  | { readonly op: 'cursor'; readonly connection: string; readonly name: string; readonly value: string }
  | { readonly op: 'audit'; readonly entry: AuditEntry }
  /** Removes up to `limit` of the oldest entries before a time (milliseconds since the epoch). */
  | { readonly op: 'forget-audit'; readonly before: number; readonly limit: number }
  /**
   * Indexes the words of contacts for the search. A contact that has changed since `revision` keeps waiting. `filled`
   * is where the indexing of earlier contacts stopped; null leaves it as it is.
   */
  | { readonly op: 'index-texts'; readonly texts: readonly IndexedText[]; readonly filled: string | null }
  /** Records that blobs without references were deleted from their storage. */
  | { readonly op: 'blobs-removed'; readonly blobs: readonly BlobId[] }
  /** Records who listened to a recording and when. */
  | { readonly op: 'recording-heard'; readonly recording: string; readonly by: string; readonly at: number };

/** The destinations and the kinds they want. */
export type DestinationsWrite = Extract<DeliveryWrite, { op: 'destinations' }>;

/** How a delivery ended. */
export type DeliveredWrite = Extract<DeliveryWrite, { op: 'delivered' }>;

/** See {@link DeliveryWrite}. */
export type DeliverAgainWrite = Extract<DeliveryWrite, { op: 'deliver-again' }>;
