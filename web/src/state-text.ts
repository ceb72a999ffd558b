import type { Interaction } from '../../src/domain/interaction/interaction.ts';
import type { Words } from './i18n/russian.ts';

type Stated = Pick<Interaction, 'state' | 'channel' | 'problemReason'>;

/** Whether its writer took a letter or message back before it left. Nothing has failed then. */
export function isTakenBack({ problemReason }: Pick<Interaction, 'problemReason'>): boolean {
  return problemReason?.code === 'takenBack';
}

/** An interaction's state in the user's language. The text for a failure depends on the channel. */
export function stateText(interaction: Stated, text: Words): string {
  const { state, channel } = interaction;
  if (isTakenBack(interaction)) return text.takenBack;
  if (channel === 'call') {
    if (state === 'failed') return text.failedCall;
    // A requested call that the PBX has not reported yet.
    if (state === 'queued') return text.callAsked;
    if (state === 'sent') return text.yourPhoneRings;
  }
  if (state === 'failed') return text.notSent;
  return text[state];
}

/** The style class of an interaction's state. */
export function stateClass(interaction: Stated): string {
  return isTakenBack(interaction) ? 'taken-back' : interaction.state;
}
