import type { AttemptResult } from '../../../domain/delivery/destination.ts';
import type { Interaction, Link } from '../../../domain/interaction/interaction.ts';
import type { Ledger } from '../../ledger.ts';
import { type Card, cardText } from '../cards/card.ts';
import { cardUrl } from '../cards/card-url.ts';
import { distinct } from '../cards/client-cards.ts';
import type { Bitrix24Parts } from '../parts.ts';
import type { Bitrix24Config } from '../schema.ts';
import { awaitCard } from '../unknown/await-card.ts';
import { canBeMade } from '../unknown/settings.ts';
import { isDenied } from '../unknown/stranger-cards.ts';
import { activityRecorder } from './activity.ts';
import { providerOf } from './activity-fields.ts';
import { commentRecorder } from './comment.ts';
import { addRecord, changeRecord, moveRecord, removeRecord } from './record-steps.ts';
import type { Recorder, Recording } from './recorder.ts';
import { type RecordKind, toldOf } from './told.ts';
import { ownerOf, userFor } from './who.ts';

const recorders: Readonly<Record<RecordKind, Recorder>> = { activity: activityRecorder, comment: commentRecorder };

/**
 * Records a letter, message, form or meeting on its cards, and keeps the record like the contact: changed, moved to
 * other cards, or taken back. Rejects with a ServiceError.
 */
export async function deliverWritten(
  contact: Interaction,
  ledger: Ledger,
  parts: Bitrix24Parts,
  signal: AbortSignal,
): Promise<AttemptResult> {
  const told = toldOf(await ledger.steps());
  if (!isWanted(contact, parts.config) || (told === null && !hasHappened(contact))) return done(null);
  // A user of the portal has deleted it, and does not want it back.
  if (told?.removed === 'deleted-there') return done(null);
  const isTaken = told !== null && told.removed === null;
  const found = contact.mergedInto === null ? await cardsOf(contact, !isTaken, parts, signal) : [];
  const isOver = contact.mergedInto !== null || isDenied(contact);
  // Somebody who is no longer known, or may be several clients, stays where he was put.
  const cards = found.length === 0 && isTaken && !isOver ? (told.cards ?? told.ours) : found;
  if (cards.length === 0 && !isTaken) {
    if (isAnswer(contact, parts)) await awaitCard(ledger, parts.context);
    return done(null);
  }

  const user = await userFor(ownerOf(contact), parts, signal);
  const recording: Recording = { contact, cards, user, parts, signal };
  const kind = isTaken ? told.kind : kindFor(contact, parts.config);
  const step = { recorder: recorders[kind], kind, ledger, recording };
  const record = isTaken && told.id !== null ? told : await addRecord(step, told);
  if (record === null) return done(null);
  if (cards.length === 0) {
    await removeRecord(step, record);
    return done(null);
  }
  const isThere = (await moveRecord(step, record)) && (await changeRecord(step, record));
  return done(isThere ? linkOf(record.id, cards, parts) : null);
}

function done(link: Link | null): AttemptResult {
  return { kind: 'done', link };
}

/** Whether contacts of a kind are recorded at all. */
export function isWanted({ channel, direction }: Interaction, { messages }: Bitrix24Config): boolean {
  return direction !== 'internal' && (channel !== 'message' || messages !== 'none');
}

/** What waits to be sent, or never left, is no contact. */
export function hasHappened({ direction, state }: Interaction): boolean {
  return direction !== 'outbound' || (state !== 'queued' && state !== 'failed');
}

/** Whether a contact answers somebody unknown, whose own contact makes a card and may be delivered later. */
function isAnswer(contact: Interaction, { config }: Pick<Bitrix24Parts, 'config'>): boolean {
  const { causedBy, direction, match } = contact;
  const isToStranger = match.outcome === 'unknown' && !isDenied(contact);
  return direction === 'outbound' && causedBy !== null && isToStranger && canBeMade(config);
}

/** How a contact is recorded. */
export function kindFor({ channel }: Interaction, config: Bitrix24Config): RecordKind {
  const isActivity = channel === 'email' || channel === 'meeting' || providerOf(config) !== null;
  return isActivity ? 'activity' : 'comment';
}

async function cardsOf(
  contact: Interaction,
  make: boolean,
  { cards }: Bitrix24Parts,
  signal: AbortSignal,
): Promise<readonly Card[]> {
  const own = await cards.of(contact, signal, { make });
  if (own.length === 0) return [];
  return distinct([...own, ...(await cards.deals(contact, own, signal))]);
}

function linkOf(id: number | null, cards: readonly Card[], { config }: Bitrix24Parts): Link {
  const client = cards.find(({ kind }) => kind !== 'deal');
  const deal = cards.find(({ kind }) => kind === 'deal');
  const shown = deal ?? client;
  return {
    id: id === null ? null : String(id),
    url: shown === undefined ? null : cardUrl(config, shown),
    client: client === undefined ? null : cardText(client),
    deal: deal === undefined ? null : cardText(deal),
  };
}
