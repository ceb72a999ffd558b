import type { Interaction } from '../../../domain/interaction/interaction.ts';
import type { Card } from './card.ts';

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
