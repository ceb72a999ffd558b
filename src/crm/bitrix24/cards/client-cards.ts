import type { Interaction } from '../../../domain/interaction/interaction.ts';
import { type Card, cardOf } from './card.ts';

/** The client of something, as our directory knows it. */
export type KnownClient = { readonly [Key in 'client' | 'contact']: { readonly id: string } | null };

/** The cards of a client that was read from this portal, whose id begins with the core's name. The contact goes first. */
export function clientCards(core: string, { client, contact }: KnownClient): readonly Card[] {
  const own = idWithin(core, client?.id);
  if (own === null) return [];
  const cards = [contact?.id, own].map((id) => (id === undefined ? null : cardOf(id)));
  return distinct(cards.filter((card) => card !== null));
}

/**
 * The cards of somebody who may be one of several clients: the contact person whom all of them have. A client is not
 * chosen for him.
 */
export function sharedCards(core: string, { match }: Pick<Interaction, 'match'>): readonly Card[] {
  const people = match.candidates.map(({ client, contact }) => {
    const [card] = clientCards(core, { client, contact });
    return card?.kind === 'contact' ? card : null;
  });
  const [first] = people;
  return first != null && people.every((one) => one?.id === first.id) ? [first] : [];
}

/** Cards without repetitions. */
export function distinct(cards: readonly Card[]): readonly Card[] {
  return cards.filter((card, at) => cards.findIndex((one) => one.kind === card.kind && one.id === card.id) === at);
}

function idWithin(core: string, client: string | undefined): string | null {
  return client?.startsWith(`${core}:`) ? client.slice(core.length + 1) : null;
}
