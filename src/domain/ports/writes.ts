import type { DeskEntry } from '../desk/desk-message.ts';
import type { FollowUp } from '../follow-up/follow-up.ts';
import type { Interaction } from '../interaction/interaction.ts';
import type { AccessWrite } from './access-writes.ts';
import type { ContactWrite, DecisionWrite, OutboundWrite } from './contact-writes.ts';
import type { DirectoryWrite } from './directory-writes.ts';
import type { BookkeepingWrite, CrmWrite, DeliveryWrite, QuarantineWrite } from './operation-writes.ts';

/**
 * Everything that can be written, as data: `store.apply(batch)` carries a batch out in one
 * transaction with a savepoint for each, so that one bad write can't take its neighbours along.
 */
export type Write = Act & {
  /** The lease it is written under: refused with `fenced` when somebody else has taken that since. */
  readonly fence?: Fence;
};

/** A lease and the epoch under which its holder writes. */
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
  | BookkeepingWrite
  | AccessWrite;

/** An interaction as a commit left it, and the desks that are to be told. */
export interface Change {
  readonly interaction: Interaction;
  readonly desk: readonly DeskEntry[];
}

/** What became of one write of a batch. A refusal leaves nothing behind; its `path` says which part of the write it is about. */
export type WriteResult =
  | { readonly ok: true; readonly changes: readonly Change[]; readonly followUps: readonly FollowUp[] }
  | {
      readonly ok: false;
      readonly code: WriteError;
      readonly message: string;
      readonly path?: string;
      /** What failed within the store, for the log alone: it may be of the database's own words. */
      readonly cause?: string;
    };

/** Why a write was refused: `stale` (If-Match), `not_found`, `conflict` (the state forbids it), `invalid`, `fenced` (its lease is another's), `too_many` (later it may be done). */
export type WriteError = 'fenced' | 'stale' | 'not_found' | 'conflict' | 'invalid' | 'too_many';
