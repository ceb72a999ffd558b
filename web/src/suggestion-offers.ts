import type { Interaction, Named, Suggestion } from '../../src/domain/interaction/interaction.ts';

/** A suggestion that waits for a human, and what can be done about it. */
export interface Offer {
  readonly suggestion: Suggestion;
  /** Whose it is in the directory. */
  readonly owners: readonly Named[];
  /** Whom it can be added to; null while nobody knows who wrote, or others have it. */
  readonly addTo: Named | null;
  /** Who may have written it, while nobody knows. */
  readonly choices: readonly Named[];
}

/** Under what the owners of a suggestion are kept. */
export function nameOf({ kind, value }: Pick<Suggestion, 'kind' | 'value'>): string {
  return `${kind} ${value}`;
}

/** What a contact offers; those whose owners have not been asked for yet, and those that its client has by now, are left out. */
export function offersOf(
  { suggestions = [], client }: Pick<Interaction, 'suggestions' | 'client'>,
  known: Readonly<Record<string, readonly Named[]>>,
): readonly Offer[] {
  return suggestions.flatMap((suggestion) => {
    const owners = known[nameOf(suggestion)];
    if (suggestion.state !== 'open' || owners === undefined) return [];
    if (client !== null && owners.some(({ id }) => id === client.id)) return [];
    const addTo = client !== null && owners.length === 0 ? client : null;
    return [{ suggestion, owners, addTo, choices: client === null ? owners : [] }];
  });
}
