import type { Reason } from '../base/reason.ts';
import type { Interaction } from '../interaction/interaction.ts';
import { reasonText } from '../reasons/reasons.ts';

/** Why something was not sent: in English, and as a code. */
export type StatedProblem = Pick<Interaction, 'problem' | 'problemReason'>;

/** No problem. */
export const noProblem: StatedProblem = { problem: null, problemReason: null };

/** Converts a reason into the problem fields of an interaction. */
export function problemOf(reason: Reason): StatedProblem {
  return { problem: reasonText(reason), problemReason: reason };
}
