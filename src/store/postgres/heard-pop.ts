import type { DeskEntry } from '../../domain/desk/desk-message.ts';
import { type Interaction, isLive } from '../../domain/interaction/interaction.ts';
import type { Change } from '../../domain/ports/writes.ts';

/**
 * A change as it is told to another instance: the interaction is read as it is now, so that a call that has ended in the
 * meantime is an `update` and no longer a `pop`.
 */
export function heardPop(interaction: Interaction, desk: readonly DeskEntry[]): Change {
  const pops = interaction.state === 'received' || (isLive(interaction.state) && interaction.endedAt === null);
  return { interaction, desk: pops ? desk : desk.map((entry) => ({ ...entry, kind: 'update' })) };
}
