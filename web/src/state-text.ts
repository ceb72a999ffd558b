import type { Channel, InteractionState } from '../../src/domain/interaction/interaction.ts';
import type { Words } from './i18n/russian.ts';

/** An interaction's state in the user's language; what failed is told by its channel. */
export function stateText(state: InteractionState, text: Words, channel: Channel): string {
  if (channel === 'call') {
    if (state === 'failed') return text.failedCall;
    // A call that was asked for, and that the PBX has not told of yet.
    if (state === 'queued') return text.callAsked;
    if (state === 'sent') return text.yourPhoneRings;
  }
  if (state === 'failed') return text.notSent;
  return text[state];
}
