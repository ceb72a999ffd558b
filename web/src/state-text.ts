import type { InteractionState } from '../../src/domain/interaction.ts';
import type { Words } from './words.ts';

/** A call's state in the user's language; other channels' states as they are until their connectors come. */
export function stateText(state: InteractionState, text: Words): string {
  switch (state) {
    case 'ringing':
    case 'talking':
    case 'answered':
    case 'missed':
    case 'unanswered':
      return text[state];
    case 'failed':
      return text.failedCall;
    default:
      return state;
  }
}
