import type { EventKey } from '../base/ids.ts';
import type { WrittenContact, WrittenDeletion, WrittenReport } from '../written/written-contact.ts';
import type { CallState, Direction, LegKind, LegOutcome, Transfer } from './interaction.ts';

/** What a connector hands over: what happened, in domain words. */
export type ContactEvent = CallSnapshot | WrittenContact | WrittenReport | WrittenDeletion;

/**
 * A whole call as the connector knows it now. Each change hands over the whole again; the same
 * snapshot twice changes nothing. Times are milliseconds since the epoch here and strings outside.
 */
export interface CallSnapshot {
  readonly kind: 'call';
  readonly key: EventKey;
  /** Keys of calls that proved to be this same one; their interactions are merged into the oldest. */
  readonly aliases: readonly EventKey[];
  readonly connection: string;
  /** `live`: from events. `record`: from the PBX's own call record, which never overrides what was seen live. */
  readonly basis: 'live' | 'record';
  readonly direction: Direction;
  readonly state: CallState;
  readonly party: CallParty;
  /** The DID the client dialled (inbound), or the trunk or number we showed (outbound); null when unknown. */
  readonly dialled: string | null;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly legs: readonly CallLeg[];
  readonly transfers: readonly CallTransfer[];
  readonly recordings: readonly CallRecording[];
  readonly reconstructed: boolean;
}

/** The outside end. For an internal call: the called colleague's extension as `raw`. */
export interface CallParty {
  /** The number as the PBX gave it; empty when withheld. */
  readonly raw: string;
  readonly name: string | null;
  readonly withheld: boolean;
}

/** An end of ours. `extension` and `phone` as the PBX knows them; whose they are is the intake's to find. */
export interface CallEnd {
  readonly extension: string | null;
  readonly phone: string | null;
}

/** One end of ours that the call reached, in order of appearance; a leg's place in the list never changes. */
export interface CallLeg extends CallEnd {
  readonly kind: LegKind;
  readonly rangAt: number | null;
  /** When a human here began to talk with the outside party; for ivr, queue and voicemail when it picked up. */
  readonly talkedAt: number | null;
  readonly endedAt: number | null;
  readonly outcome: LegOutcome | null;
}

export interface CallTransfer {
  readonly kind: Transfer['kind'];
  readonly from: CallEnd;
  readonly to: CallEnd;
  readonly at: number;
  readonly outcome: Transfer['outcome'];
}

/** A sound file of the call. */
export interface CallRecording {
  /** The file's name as the PBX told it: what makes the recording the same one in the next snapshot. */
  readonly file: string;
  /** Where we can read it, or null while it has not been found. */
  readonly path: string | null;
  readonly leg: number | null;
  readonly kind: 'call' | 'voicemail';
  readonly state: 'pending' | 'ready' | 'missing';
  readonly startedAt: number;
  readonly seconds: number | null;
  readonly mime: string | null;
  readonly bytes: number | null;
}
