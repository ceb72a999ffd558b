import type { LedgerStep } from '../../../domain/delivery/ledger.ts';
import { type Card, cardOf, cardText } from '../cards/card.ts';
import { distinct } from '../cards/client-cards.ts';

/*
 * A contact is one record in the portal. If it is removed and put back, that is a new record with the next number.
 * The names of the ledger's steps say what the portal was told of a record:
 *
 *   add NUMBER KIND CARD              remote: see `Placed`
 *   change NUMBER REVISION CONTENT    what it says since that revision
 *   bind NUMBER REVISION CARDS        where it stands since that revision
 *   remove NUMBER WHY                 taken back, or found to be deleted there
 */

/** How a contact is recorded. */
export type RecordKind = 'activity' | 'comment';

/** A record that was added. */
export interface Placed {
  readonly id: number;
  /** Where it stands. */
  readonly cards: readonly Card[];
  /** Fingerprint of what it says; null if unknown, since its adding was only found out later. */
  readonly content: string | null;
}

/** The latest record of a contact. */
export interface ToldRecord {
  readonly number: number;
  readonly kind: RecordKind;
  /** The card that it was added to first. */
  readonly first: Card;
  /** Null while it is uncertain whether it was added. */
  readonly id: number | null;
  /** What it says; null while that is uncertain. */
  readonly content: string | null;
  /** Where it stands; null while that is uncertain. */
  readonly cards: readonly Card[] | null;
  /** Everywhere we may have put it. A user of the portal may have put it elsewhere, too. */
  readonly ours: readonly Card[];
  /** Why it is no longer there: taken back by us, or deleted by a user of the portal. Null if it is there. */
  readonly removed: Removal | null;
}

/** Why a record is no longer there. */
export type Removal = 'unlinked' | 'deleted-there';

export const addStep = (number: number, kind: RecordKind, first: Card): string =>
  `add ${number} ${kind} ${cardText(first)}`;
export const changeStep = (number: number, revision: number, content: string): string =>
  `change ${number} ${revision} ${content}`;
export const bindStep = (number: number, revision: number, cards: readonly Card[]): string =>
  `bind ${number} ${revision} ${cardsText(cards)}`;
export const removeStep = (number: number, why: Removal): string => `remove ${number} ${why}`;

/** Reads a contact's ledger; null if nothing was ever added. */
export function toldOf(steps: readonly LedgerStep[]): ToldRecord | null {
  const all = steps.map((step) => ({ ...step, words: step.step.split(' ') }));
  const [added] = all
    .filter(({ words }) => words[0] === 'add')
    .toSorted((a, b) => Number(b.words[1]) - Number(a.words[1]));
  const first = cardOf(added?.words[3] ?? '');
  if (added === undefined || first === null) return null;
  const number = Number(added.words[1]);
  const own = (name: string) =>
    all
      .filter(({ words }) => words[0] === name && Number(words[1]) === number)
      .toSorted((a, b) => Number(b.words[2]) - Number(a.words[2]) || b.at - a.at);
  const placed = added.state === 'done' ? readPlaced(added.remote) : null;
  const [[change], binds] = [own('change'), own('bind')];
  const [bind] = binds;
  const moved = binds.flatMap(({ words }) => readCards(words[3] ?? ''));
  return {
    number,
    kind: added.words[2] === 'comment' ? 'comment' : 'activity',
    first,
    id: placed?.id ?? null,
    content:
      change === undefined ? (placed?.content ?? null) : change.state === 'done' ? (change.words[3] ?? null) : null,
    cards:
      bind === undefined
        ? placed?.content == null
          ? null
          : placed.cards
        : bind.state === 'done'
          ? readCards(bind.words[3] ?? '')
          : null,
    ours: distinct([...(placed?.cards ?? [first]), ...moved]),
    removed: own('remove').some(({ state }) => state === 'done') ? removalOf(own('remove')[0]?.words[2]) : null,
  };
}

function removalOf(word: string | undefined): Removal {
  return word === 'deleted-there' ? 'deleted-there' : 'unlinked';
}

/** What the ledger keeps of a record that was added. */
export function placedText({ id, cards, content }: Placed): string {
  return `${id} ${cardsText(cards)} ${content ?? '-'}`;
}

/** Reads {@link placedText}; null if it is none. */
export function readPlaced(remote: string | null): Placed | null {
  const [id = '', cards = '', content = '-'] = (remote ?? '').split(' ');
  if (!/^\d+$/.test(id)) return null;
  return { id: Number(id), cards: readCards(cards), content: content === '-' ? null : content };
}

function cardsText(cards: readonly Card[]): string {
  return cards.length === 0 ? '-' : cards.map(cardText).join(',');
}

function readCards(text: string): readonly Card[] {
  return text
    .split(',')
    .map(cardOf)
    .filter((card) => card !== null);
}
