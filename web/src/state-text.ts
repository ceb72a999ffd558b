import type { Channel, InteractionState } from '../../src/domain/interaction.ts';
import type { Words } from './words.ts';

/** An interaction's state in the user's language; what failed is told by its channel. */
export function stateText(state: InteractionState, text: Words, channel: Channel): string {
  if (state === 'failed') return channel === 'call' ? text.failedCall : text.notSent;
  return text[state];
}
