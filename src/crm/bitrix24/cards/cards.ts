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
   * looked for in the portal, and made there if the settings say so. Empty if there is no card.
   */
  of(interaction: Interaction, signal: AbortSignal): Promise<readonly Card[]>;
  /** The open deals of these cards that the interaction belongs on as well. */
  deals(interaction: Interaction, cards: readonly Card[], signal: AbortSignal): Promise<readonly Card[]>;
}

/** Opens the cards of a portal. */
export function openCards(parts: Omit<Bitrix24Parts, 'cards'>): Cards {
  const core = parts.context.name;
  return {
    async of(interaction, signal) {
      if (interaction.direction === 'internal') return [];
      const known = clientCards(core, interaction);
      if (known.length > 0) return known;
      const { outcome, decidedBy } = interaction.match;
      // A person has said that it is none of the clients.
      if (outcome === 'unknown' && decidedBy === 'human') return [];
      if (outcome === 'ambiguous') return sharedCards(core, interaction);
      return strangerCards(interaction, parts, signal);
    },
    deals: (interaction, cards, signal) => openDeals(interaction, cards, parts, signal),
  };
}
