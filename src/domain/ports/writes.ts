import type { DeskEntry } from '../desk/desk-message.ts';
import type { FollowUp } from '../follow-up/follow-up.ts';
import type { Interaction } from '../interaction/interaction.ts';
import type { AccessWrite } from './access-writes.ts';
import type { ContactWrite, DecisionWrite, OutboundWrite } from './contact-writes.ts';
import type { DirectoryWrite } from './directory-writes.ts';
import type {
  BookkeepingWrite,
  CrmWrite,
  DeliveryWrite,
  QuarantineWrite,
  RecordingsWrite,
} from './operation-writes.ts';

/**
 * Everything that can be written, as data. `store.apply(batch)` carries a batch out in one transaction with a
 * savepoint per write, so that a bad write does not affect others.
 */
export type Write = Act & {
  /** The lease that the write depends on. It is refused as `fenced` if another instance has taken the lease since. */
  readonly fence?: Fence;
};

/** A lease and the epoch in which its holder writes. */
export interface Fence {
  readonly lease: string;
  readonly epoch: number;
}

type Act =
  | ContactWrite
  | DecisionWrite
  | OutboundWrite
  | DirectoryWrite
  | DeliveryWrite
  | CrmWrite
  | QuarantineWrite
  | RecordingsWrite
  | BookkeepingWrite
  | AccessWrite;

/** The state of an interaction after a commit, and the desks to notify. */
export interface Change {
  readonly interaction: Interaction;
  readonly desk: readonly DeskEntry[];
}

/** The result of one write of a batch. A refused write changes nothing; `path` names the part of it that is wrong. */
export type WriteResult =
  | { readonly ok: true; readonly changes: readonly Change[]; readonly followUps: readonly FollowUp[] }
  | {
      readonly ok: false;
      readonly code: WriteError;
      readonly message: string;
      readonly path?: string;
      /** What failed inside the store. Only for the log, because it may contain the database's own words. */
      readonly cause?: string;
    };

/**
 * Why a write was refused: `stale` (If-Match), `not_found`, `conflict` (the state forbids it), `invalid`, `fenced`
 * (another instance holds its lease), `too_many` (try later).
 */
export type WriteError = 'fenced' | 'stale' | 'not_found' | 'conflict' | 'invalid' | 'too_many';
