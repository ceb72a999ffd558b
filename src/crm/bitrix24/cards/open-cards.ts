import type { Bitrix24Parts } from '../parts.ts';
import { strangerCards } from '../unknown/stranger-cards.ts';
import type { Cards } from './cards.ts';
import { clientCards, sharedCards } from './client-cards.ts';
import { openDeals } from './deals.ts';

/** Opens the cards of a portal. */
export function openCards(parts: Omit<Bitrix24Parts, 'cards'>): Cards {
  const core = parts.context.name;
  return {
    async of(interaction, signal, { make } = { make: true }) {
      if (interaction.direction === 'internal') return [];
      const known = clientCards(core, interaction);
      if (known.length > 0) return known;
      if (interaction.match.outcome === 'ambiguous') return sharedCards(core, interaction);
      return strangerCards(interaction, make, parts, signal);
    },
    deals: (interaction, cards, signal) => openDeals(interaction, cards, parts, signal),
  };
}
