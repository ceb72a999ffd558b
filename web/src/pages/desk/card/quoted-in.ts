import type { Interaction } from '../../../../../src/domain/interaction/interaction.ts';

/**
 * The message that `letter` answers, if readers can't guess it: a client's reply to a chosen message, or an answer of ours to another
 * message than the one above it.
 */
export function quotedIn(letters: readonly Interaction[], letter: Interaction): Interaction | null {
  if (letter.channel !== 'message' || letter.causedBy === null) return null;
  const index = letters.indexOf(letter);
  const quoted = letters.findIndex(({ id }) => id === letter.causedBy);
  const isObvious = letter.direction === 'outbound' && quoted === index - 1;
  return isObvious ? null : (letters[quoted] ?? null);
}
