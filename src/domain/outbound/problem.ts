import type { Reason } from '../base/reason.ts';
import type { Interaction } from '../interaction/interaction.ts';
import { reasonText } from '../reasons/reasons.ts';

/** Why something was not sent: in English, and as a code. */
export type StatedProblem = Pick<Interaction, 'problem' | 'problemReason'>;

/** Nothing went wrong. */
export const noProblem: StatedProblem = { problem: null, problemReason: null };

/** A reason as it is kept with an interaction. */
export function problemOf(reason: Reason): StatedProblem {
  return { problem: reasonText(reason), problemReason: reason };
}
