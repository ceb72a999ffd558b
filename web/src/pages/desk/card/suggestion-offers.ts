import type { Interaction, Named, Suggestion } from '../../../../../src/domain/interaction/interaction.ts';

/** An open suggestion, and what the operator can do with it. */
export interface Offer {
  readonly suggestion: Suggestion;
  /** Clients that have it already. */
  readonly owners: readonly Named[];
  /** The client that it can be added to; null if the client is unknown or another one has it. */
  readonly addTo: Named | null;
  /** Clients that may be the author, while the client is unknown. */
  readonly choices: readonly Named[];
}

/** The key under which the owners of a suggestion are kept. */
export function keyOf({ kind, value }: Pick<Suggestion, 'kind' | 'value'>): string {
  return `${kind} ${value}`;
}

/** The offers of an interaction. Suggestions whose owners are not loaded yet, or that the client has already, are left out. */
export function offersOf(
  { suggestions = [], client }: Pick<Interaction, 'suggestions' | 'client'>,
  known: Readonly<Record<string, readonly Named[]>>,
): readonly Offer[] {
  return suggestions.flatMap((suggestion) => {
    const owners = known[keyOf(suggestion)];
    if (suggestion.state !== 'open' || owners === undefined) return [];
    if (client !== null && owners.some(({ id }) => id === client.id)) return [];
    const addTo = client !== null && owners.length === 0 ? client : null;
    return [{ suggestion, owners, addTo, choices: client === null ? owners : [] }];
  });
}
