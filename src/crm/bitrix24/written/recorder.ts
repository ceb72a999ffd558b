import type { Interaction } from '../../../domain/interaction/interaction.ts';
import type { Parameters } from '../api/portal.ts';
import type { Card } from '../cards/card.ts';
import type { Bitrix24Parts } from '../parts.ts';
import type { Enclosed } from './files.ts';

/** A contact that is being recorded. */
export interface Recording {
  readonly contact: Interaction;
  /** Where it belongs; the most specific card of the client first, deals last. */
  readonly cards: readonly Card[];
  /** The portal user whose it is. */
  readonly user: number;
  readonly parts: Bitrix24Parts;
  readonly signal: AbortSignal;
}

/** One of the portal's ways to keep a contact. Methods reject with a ServiceError. */
export interface Recorder {
  /** What the record says, as the portal's fields. */
  content(recording: Recording): Parameters;
  /** Whether a record says less when it is added than `content`, and has to be changed right away. */
  needsChange(contact: Interaction): boolean;
  /** Adds a record. Returns its id and where it stands: on `first`, and as far as possible on the other cards. */
  add(first: Card, content: Parameters, files: readonly Enclosed[], recording: Recording): Promise<Added>;
  /** Looks for the record of a contact that was added to a card; null if there is none. */
  find(first: Card, recording: Recording): Promise<number | null>;
  /** Whether a record is still there. */
  exists(id: number, first: Card, recording: Recording): Promise<boolean>;
  /** Changes what it says; its files only if they are given. */
  change(id: number, content: Parameters, files: readonly Enclosed[] | null, recording: Recording): Promise<void>;
  /** Puts it on cards and takes it off others. A repeat changes nothing. */
  move(id: number, move: Move, recording: Recording): Promise<void>;
  /** Deletes it. A repeat changes nothing. */
  remove(id: number, first: Card, recording: Recording): Promise<void>;
}

/** A record that was added. */
export interface Added {
  readonly id: number;
  readonly cards: readonly Card[];
}

/** How a record moves. */
export interface Move {
  readonly to: readonly Card[];
  readonly from: readonly Card[];
}

/** Where a record is added first: an open deal, else the most specific card of the client. */
export function firstOf(cards: readonly Card[]): Card | null {
  return cards.find(({ kind }) => kind === 'deal') ?? cards[0] ?? null;
}
