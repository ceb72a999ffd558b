import type { Interaction } from '../../../domain/interaction/interaction.ts';
import type { Bitrix24Parts } from '../parts.ts';
import { strangerCards } from '../unknown/stranger-cards.ts';
import type { Card } from './card.ts';
import { clientCards, sharedCards } from './client-cards.ts';
import { openDeals } from './deals.ts';

/** Finds the cards that an interaction belongs on. */
export interface Cards {
  /**
   * The most specific card first, such as the contact before its company. Somebody whom our directory does not know is
   * looked for in the portal, and made there if the settings say so and `make` is not false. Empty if there is no card.
   */
  of(interaction: Interaction, signal: AbortSignal, options?: { readonly make: boolean }): Promise<readonly Card[]>;
  /** The open deals of these cards that the interaction belongs on as well. */
  deals(interaction: Interaction, cards: readonly Card[], signal: AbortSignal): Promise<readonly Card[]>;
}

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
