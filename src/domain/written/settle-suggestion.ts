import type { ClientId } from '../base/ids.ts';
import { named } from '../call/call-facts.ts';
import type { DirectoryReader, RememberedChoice } from '../directory/client.ts';
import { decideMatch } from '../directory/match.ts';
import type { DecideWrite } from '../interaction/decision.ts';
import type { Identifier, Interaction, Named, Suggestion } from '../interaction/interaction.ts';
import { type Refusal, refuse } from '../ports/refusal.ts';
import { find, settled } from './suggestions.ts';

/** What a decision about a suggestion does to the directory's choices: remembers one, or forgets the one it remembered. */
export interface SettledSuggestion {
  readonly suggestions: readonly Suggestion[];
  readonly identifier: Identifier;
  readonly choose: { readonly client: ClientId; readonly contact: string | null } | null;
  /** The suggestion as it was added, where that is taken back. */
  readonly release: Suggestion | null;
}

/** The suggestion that a decision is about, as what the directory is asked for; nothing where it is about none. */
export function aboutSuggestion({ decision }: Pick<DecideWrite, 'decision'>): readonly Identifier[] {
  const { suggestion } = decision;
  return suggestion === undefined ? [] : [{ kind: suggestion.kind, value: suggestion.value }];
}

/** Carries a decision about a suggestion out; `after` is the interaction with whatever else the patch decides. Null where it is about none. */
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
  if (before === null) return refuse('invalid', 'nothing like this is suggested', '/suggestion');
  if (state === 'added') {
    if (client === null) return refuse('conflict', 'expected a client to add it to: choose one first', '/suggestion');
    const others = ownersOf(directory, identifier).filter(({ id }) => id !== client.id);
    if (others.length > 0) return refuse('conflict', 'another client has it', '/suggestion');
  }
  const at = new Date(write.at).toISOString();
  const next = before.state === state ? before : settled(before, state, { client: named(client), by: write.by, at });
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

/** Whose an identifier is already, by the directory or by what a human chose. */
function ownersOf(directory: DirectoryReader, identifier: Identifier): readonly Named[] {
  const { client, candidates } = decideMatch(directory, [identifier]);
  return [...(client === null ? [] : [client]), ...candidates.map((candidate) => candidate.client)];
}

/** Whether what was chosen for an identifier is still what adding the suggestion chose. */
export function isChoiceOf(choice: RememberedChoice | null, { client, at }: Suggestion): boolean {
  return choice !== null && choice.client === client?.id && choice.at === at;
}

/** Whether an interaction of the identifier is its client's because the suggestion was added. */
export function cameBy({ match, client }: Interaction, suggestion: Suggestion): boolean {
  return match.decidedBy === 'human' && client?.id === suggestion.client?.id && match.at >= (suggestion.at ?? '');
}
