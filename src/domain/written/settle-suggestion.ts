import type { ClientId } from '../base/ids.ts';
import type { DirectoryReader, RememberedChoice } from '../directory/client.ts';
import { decideMatch } from '../directory/match.ts';
import type { DecideWrite } from '../interaction/decision.ts';
import type { Identifier, Interaction, Named, Suggestion } from '../interaction/interaction.ts';
import { namedRef } from '../interaction/named-ref.ts';
import { type Refusal, refuse } from '../ports/refusal.ts';
import { find, settled } from './suggestions.ts';

/** The effect of a decision about a suggestion: the suggestions afterwards, and a choice to store in or delete from the directory. */
export interface SettledSuggestion {
  readonly suggestions: readonly Suggestion[];
  readonly identifier: Identifier;
  readonly choose: { readonly client: ClientId; readonly contact: string | null } | null;
  /** The suggestion before the decision, if its addition is undone. */
  readonly release: Suggestion | null;
}

/** The identifiers of the suggestion that a decision is about; empty if it is about none. */
export function aboutSuggestion({ decision }: Pick<DecideWrite, 'decision'>): readonly Identifier[] {
  const { suggestion } = decision;
  return suggestion === undefined ? [] : [{ kind: suggestion.kind, value: suggestion.value }];
}

/** Carries out a decision about a suggestion; `after` is the interaction with the rest of the patch. Null if it is about none. */
export function settle(
  after: Interaction,
  write: DecideWrite,
  directory: DirectoryReader,
): SettledSuggestion | Refusal | null {
  const [identifier] = aboutSuggestion(write);
  const state = write.decision.suggestion?.state;
  if (identifier === undefined || state === undefined) return null;
  const { client, contact } = after;
  const before = find(after.suggestions, write.decision.suggestion as Suggestion);
  if (before === null) return refuse('invalid', 'there is no such suggestion', '/suggestion');
  if (state === 'added') {
    if (client === null)
      return refuse('conflict', 'the interaction has no client to add it to: choose one first', '/suggestion');
    const others = ownersOf(directory, identifier).filter(({ id }) => id !== client.id);
    if (others.length > 0) return refuse('conflict', 'another client already has it', '/suggestion');
  }
  const at = new Date(write.at).toISOString();
  const next = before.state === state ? before : settled(before, state, { client: namedRef(client), by: write.by, at });
  return {
    suggestions: after.suggestions.map((one) => (one === before ? next : one)),
    identifier,
    choose:
      state === 'added' && next !== before && client !== null
        ? { client: client.id, contact: contact?.id ?? null }
        : null,
    release: before.state === 'added' && next !== before ? before : null,
  };
}

/** The clients that already have an identifier, in the directory or by a human's choice. */
function ownersOf(directory: DirectoryReader, identifier: Identifier): readonly Named[] {
  const { client, candidates } = decideMatch(directory, [identifier]);
  return [...(client === null ? [] : [client]), ...candidates.map((candidate) => candidate.client)];
}

/** Whether the choice for an identifier is still the one that was stored when the suggestion was added. */
export function isChoiceOf(choice: RememberedChoice | null, { client, at }: Suggestion): boolean {
  return choice !== null && choice.client === client?.id && choice.at === at;
}

/** Whether an interaction has its client because the suggestion was added. */
export function cameBy({ match, client }: Interaction, suggestion: Suggestion): boolean {
  return match.decidedBy === 'human' && client?.id === suggestion.client?.id && match.at >= (suggestion.at ?? '');
}
