import type { ClientId } from '../../../domain/base/ids.ts';
import type { AttemptResult } from '../../../domain/delivery/destination.ts';
import { reason } from '../../../domain/reasons/reasons.ts';
import { number } from '../../../runtime/http/fields.ts';
import { service } from '../api/errors.ts';
import { originator } from '../api/origin.ts';
import { rowsOf } from '../api/rows.ts';
import { type Card, cardText, cardTypes } from '../cards/card.ts';
import { cardUrl } from '../cards/card-url.ts';
import { clientCards } from '../cards/client-cards.ts';
import { missingCard } from '../cards/missing-card.ts';
import type { Bitrix24Parts } from '../parts.ts';
import { removeActivity } from './activity.ts';
import { commentsOn, removeComment } from './comment.ts';

/** Any comment or to-do of ours ends with this. */
const mark = /\bPatchbay [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\s*$/;

/**
 * Deletes what was recorded on the card of a client who was deleted here. Calls stay: the portal deletes those for
 * its users only. Nothing is kept in the ledger, since a repeat finds less to delete. Rejects with a ServiceError.
 */
export async function deliverErasure(
  client: ClientId,
  parts: Bitrix24Parts,
  signal: AbortSignal,
): Promise<AttemptResult> {
  const { config, context, portal } = parts;
  const [card] = clientCards(context.name, { client: { id: client }, contact: null });
  // A client whose card the portal no longer has was deleted, or merged with another, there.
  if (!config.written.erase || card === undefined || (await missingCard([card], portal, signal)) !== null)
    return { kind: 'done', link: null };
  await deleteAll({ ORIGINATOR_ID: originator }, () => true, card, parts, signal);
  await deleteAll(
    { PROVIDER_ID: 'CRM_TODO', '%DESCRIPTION': 'Patchbay ' },
    (text) => mark.test(text),
    card,
    parts,
    signal,
  );
  const comments: number[] = [];
  for await (const { id, text } of commentsOn(card, portal, signal)) if (mark.test(text)) comments.push(id);
  for (const id of comments) await removeComment(id, portal, signal);
  const filter = { BINDINGS: [bindingOf(card)], PROVIDER_ID: 'VOXIMPLANT_CALL' };
  const { total } = await portal.call('crm.activity.list', { filter, select: ['ID'] }, { signal });
  if (total === null || total === 0) return { kind: 'done', link: null };
  const stay = { service, count: total, card: cardUrl(config, card) ?? cardText(card) };
  return { kind: 'park', reason: reason('callsStay', stay), status: null };
}

/** Deletes the activities of a card that match, page by page. */
async function deleteAll(
  filter: Readonly<Record<string, unknown>>,
  isOurs: (description: string) => boolean,
  card: Card,
  { portal }: Bitrix24Parts,
  signal: AbortSignal,
): Promise<void> {
  for (let after = 0; ; ) {
    const given = { ...filter, BINDINGS: [bindingOf(card)], '>ID': after };
    const parameters = { filter: given, order: { ID: 'ASC' }, select: ['ID', 'DESCRIPTION'] };
    const rows = rowsOf(await portal.call('crm.activity.list', parameters, { signal, urgency: 'background' }));
    for (const { ID, DESCRIPTION } of rows) {
      const id = number(ID) ?? 0;
      if (isOurs(String(DESCRIPTION))) await removeActivity(id, portal, signal);
      after = Math.max(after, id);
    }
    if (rows.length === 0) return;
  }
}

function bindingOf({ kind, id }: Card) {
  return { OWNER_TYPE_ID: cardTypes[kind], OWNER_ID: id };
}
