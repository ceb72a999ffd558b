import type { DeskEntry } from '../desk/desk-message.ts';
import type { FollowUp } from '../follow-up/follow-up.ts';
import type { Interaction } from '../interaction/interaction.ts';
import type { AccessWrite } from './access-writes.ts';
import type { ContactWrite, DecisionWrite, OutboundWrite } from './contact-writes.ts';
import type { DirectoryWrite } from './directory-writes.ts';
import type { BookkeepingWrite, CrmWrite, DeliveryWrite, QuarantineWrite } from './operation-writes.ts';

/**
 * All writes, as data: `store.apply(batch)` carries out a batch in one transaction with a savepoint for each write, so that a bad one does
 * not affect the others.
 */
export type Write = Act & {
  /** The lease of the writer: the write is refused with `fenced` if another instance has taken it since. */
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

/** A committed interaction, and the desks to notify. */
export interface Change {
  readonly interaction: Interaction;
  readonly desk: readonly DeskEntry[];
}

/** The result of one write of a batch. A refused write has no effect; `path` names the part of the write concerned. */
export type WriteResult =
  | { readonly ok: true; readonly changes: readonly Change[]; readonly followUps: readonly FollowUp[] }
  | {
      readonly ok: false;
      readonly code: WriteError;
      readonly message: string;
      readonly path?: string;
      /** The failure inside the store, for the log only: it may have the database's own words. */
      readonly cause?: string;
    };

/** Why a write was refused: `stale` (If-Match), `not_found`, `conflict` (the state forbids it), `invalid`, `fenced` (another instance has the lease), `too_many` (retry later). */
export type WriteError = 'fenced' | 'stale' | 'not_found' | 'conflict' | 'invalid' | 'too_many';
