import type { DeskEntry } from '../../domain/desk/desk-message.ts';
import { type Interaction, isLive } from '../../domain/interaction/interaction.ts';
import type { Change } from '../../domain/ports/writes.ts';

/**
 * A change as another instance reports it. The interaction is read in its current state, so for a call that has ended
 * meanwhile, `pop` becomes `update`.
 */
export function relayedChange(interaction: Interaction, desk: readonly DeskEntry[]): Change {
  const pops = interaction.state === 'received' || (isLive(interaction.state) && interaction.endedAt === null);
  return { interaction, desk: pops ? desk : desk.map((entry) => ({ ...entry, kind: 'update' })) };
}
