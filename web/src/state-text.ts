import type { Channel, InteractionState } from '../../src/domain/interaction/interaction.ts';
import type { Words } from './i18n/russian.ts';

/** An interaction's state in the user's language. The text for a failure depends on the channel. */
export function stateText(state: InteractionState, text: Words, channel: Channel): string {
  if (channel === 'call') {
    if (state === 'failed') return text.failedCall;
    // A requested call that the PBX has not reported yet.
    if (state === 'queued') return text.callAsked;
    if (state === 'sent') return text.yourPhoneRings;
  }
  if (state === 'failed') return text.notSent;
  return text[state];
}
