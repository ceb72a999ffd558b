import type { Interaction } from '../../../domain/interaction/interaction.ts';
import { type Card, cardOf } from './card.ts';

/** Finds the cards that an interaction belongs on. */
export interface Cards {
  /** The most specific card first, such as the contact before its company. Empty if the party is unknown. */
  of(interaction: Interaction, signal: AbortSignal): Promise<readonly Card[]>;
}

/** The cards of clients that were read from this portal, whose ids begin with the core's name. */
export function openCards(core: string): Cards {
  return {
    async of({ client, contact }) {
      const cards = [contact?.id, idWithin(core, client?.id)].map((id) => (id == null ? null : cardOf(id)));
      return cards.filter((card) => card !== null);
    },
  };
}

function idWithin(core: string, client: string | undefined): string | null {
  return client?.startsWith(`${core}:`) ? client.slice(core.length + 1) : null;
}
