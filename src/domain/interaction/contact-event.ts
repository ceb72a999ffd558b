import type { EventKey } from '../base/ids.ts';
import type { Reason } from '../base/reason.ts';
import type { CallResult, LegOutcome, QueueLeft } from '../call/call-result.ts';
import type { Transcript } from '../call/transcript.ts';
import type { BlobId } from '../ports/blobs.ts';
import type { WrittenContact, WrittenDeletion, WrittenReading, WrittenReport } from '../written/written-contact.ts';
import type { CallState, Direction, LegKind, Transfer } from './interaction.ts';

/** What a connector reports, in terms of the domain. */
export type ContactEvent =
  | CallSnapshot
  | CallTranscript
  | WrittenContact
  | WrittenReport
  | WrittenDeletion
  | WrittenReading;

/**
 * The complete state of a call as its connector knows it. Each change is reported as a complete snapshot, and repeating a snapshot
 * changes nothing. Times are milliseconds since the epoch.
 */
export interface CallSnapshot {
  readonly kind: 'call';
  readonly key: EventKey;
  /** Keys of calls that proved to be the same call. Their interactions are merged into the oldest one. */
  readonly aliases: readonly EventKey[];
  readonly connection: string;
  /** `live`: from events. `record`: from the PBX's call record, which never overrides what was seen live. */
  readonly basis: 'live' | 'record';
  readonly direction: Direction;
  readonly state: CallState;
  readonly party: CallParty;
  /** The DID that the client dialled (inbound), or the trunk or number that we presented (outbound); null if unknown. */
  readonly dialled: string | null;
  /** The PBX's name of the trunk to the outside party; absent or null if unknown. */
  readonly trunk?: string | null;
  readonly startedAt: number;
  readonly endedAt: number | null;
  /** Absent in snapshots of earlier versions, and if the connection cannot tell. */
  readonly result?: CallResult | null;
  readonly legs: readonly CallLeg[];
  readonly transfers: readonly CallTransfer[];
  readonly recordings: readonly CallRecording[];
  readonly reconstructed: boolean;
  /** Set if a fax machine called. Older versions stored snapshots without it. */
  readonly automatic?: 'fax';
}

/** The outside party. For an internal call, `raw` is the extension of the called colleague. */
export interface CallParty {
  /** The number as the PBX reported it; empty if withheld. */
  readonly raw: string;
  /** The number that `raw` means by the rules of the connection; absent: `raw` itself. */
  readonly number?: string;
  readonly name: string | null;
  readonly withheld: boolean;
}

/** One of our ends, with the PBX's `extension` and `phone`. The intake finds the manager. */
export interface CallEnd {
  readonly extension: string | null;
  readonly phone: string | null;
}

/** One of our ends that the call reached, in order of appearance. The index of a leg never changes. */
export interface CallLeg extends CallEnd {
  readonly kind: LegKind;
  /** When it first rang, and for repeated attempts at the same phone also the latest time and their number. */
  readonly rangAt: number | null;
  readonly lastRangAt?: number | null;
  readonly rings?: number;
  /** When a human began to talk with the outside party there; for ivr, queue and voicemail, when it picked up. */
  readonly talkedAt: number | null;
  readonly endedAt: number | null;
  readonly outcome: LegOutcome | null;
  /** As in `Leg`. Absent in snapshots of earlier versions, and if the connection cannot tell. */
  readonly heldAt?: number | null;
  readonly position?: number | null;
  readonly left?: QueueLeft | null;
}

/** What was said in a recording of a call that was reported before. A later one replaces it. */
export interface CallTranscript {
  readonly kind: 'transcript';
  /** The call's. */
  readonly key: EventKey;
  readonly connection: string;
  /** The recording, as in {@link CallRecording}. */
  readonly file: string;
  readonly transcript: Transcript;
}

export interface CallTransfer {
  readonly kind: Transfer['kind'];
  readonly from: CallEnd;
  readonly to: CallEnd;
  readonly at: number;
  readonly outcome: Transfer['outcome'];
}

/** A recording of the call. */
export interface CallRecording {
  /** The file's name as the PBX reports it. It identifies the recording in later snapshots. */
  readonly file: string;
  /** The path to read it from; null until it is found. */
  readonly path: string | null;
  /** The copy in the blob storage; null or absent if the file is read from `path`. */
  readonly blob?: BlobId | null;
  readonly leg: number | null;
  readonly kind: 'call' | 'voicemail';
  readonly state: 'pending' | 'ready' | 'missing';
  /** Why it is missing, or still pending. Null or absent if there is no problem. */
  readonly problem?: Reason | null;
  readonly startedAt: number;
  readonly seconds: number | null;
  readonly mime: string | null;
  readonly bytes: number | null;
}
