import { type Interaction, isLive } from '../interaction/interaction.ts';

/** How long a change stays urgent, in milliseconds. Who is called then no longer looks at the ringing telephone. */
const urgentFor = 60_000;

/**
 * Until when the latest state of an interaction is delivered before everything else, in milliseconds since the epoch; 0
 * for no urgency. Calls that ring or are talked are urgent, and so is their end, which closes what is open on screens.
 */
export function urgentUntil(before: Interaction | null, after: Interaction, at: number): number {
  const isUrgent = isLive(after.state) || (before !== null && isLive(before.state));
  return isUrgent ? at + urgentFor : 0;
}
