import type { Interaction, Named } from '../../domain/interaction/interaction.ts';

/** Whose a letter, message or form is: who wrote it, or who has to answer it. */
export function ownerOf({ direction, handledBy, assignee, responsible }: Interaction): Named | null {
  return direction === 'outbound' ? (handledBy ?? responsible) : (assignee ?? responsible ?? handledBy);
}
