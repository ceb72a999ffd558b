import type { Interaction } from '../../../domain/interaction/interaction.ts';
import { number } from '../../../runtime/http/fields.ts';
import { rowsOf } from '../api/rows.ts';
import type { Bitrix24Parts } from '../parts.ts';
import { type Card, cardOf } from './card.ts';

/** At most this many deals get a contact: one activity can stand on up to 100 cards. */
const maxDeals = 20;

/**
 * The open deals that a contact belongs on, by the setting `deals`: of the contact person, else of the company. A deal
 * that a person chose as the contact's object stands for all.
 */
export async function openDeals(
  { object }: Pick<Interaction, 'object'>,
  cards: readonly Card[],
  { config, portal }: Pick<Bitrix24Parts, 'config' | 'portal'>,
  signal: AbortSignal,
): Promise<readonly Card[]> {
  const chosen = object?.type === 'deal' ? cardOf(`deal-${object.id.replace(/^deal-/, '')}`) : null;
  if (chosen !== null) return [chosen];
  if (config.deals === 'none' || cards.some(({ kind }) => kind === 'deal')) return [];
  for (const kind of ['contact', 'company'] as const) {
    const card = cards.find((one) => one.kind === kind);
    if (card === undefined) continue;
    const answer = await portal.call(
      'crm.deal.list',
      { filter: { [`${kind.toUpperCase()}_ID`]: card.id, CLOSED: 'N' }, order: { ID: 'DESC' }, select: ['ID'] },
      { signal },
    );
    const ids = rowsOf(answer).flatMap(({ ID }) => number(ID) ?? []);
    const wanted = config.deals === 'newest' ? ids.slice(0, 1) : ids.slice(0, maxDeals);
    if (wanted.length > 0) return wanted.map((id) => ({ kind: 'deal', id }));
  }
  return [];
}
