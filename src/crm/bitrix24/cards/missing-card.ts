import type { Portal } from '../api/portal.ts';
import { answered, rowsOf } from '../api/rows.ts';
import { type Card, cardText } from './card.ts';

/** The first of some cards that the portal does not have (any more); null if it has all of them. */
export async function missingCard(cards: readonly Card[], portal: Portal, signal: AbortSignal): Promise<Card | null> {
  const commands = Object.fromEntries(
    cards.map((card) => [
      cardText(card),
      { method: `crm.${card.kind}.list`, parameters: { filter: { ID: card.id }, select: ['ID'] } },
    ]),
  );
  const answers = await portal.batch(commands, { signal });
  for (const card of cards) {
    const answer = answers[cardText(card)];
    if (answer !== undefined && rowsOf(answered(answer)).length === 0) return card;
  }
  return null;
}
