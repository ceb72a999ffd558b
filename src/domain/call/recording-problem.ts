import type { Reason } from '../base/reason.ts';
import type { Recording } from '../interaction/recording.ts';
import { reasonText } from '../reasons/reasons.ts';

/** The fields that explain why a recording can't be played; null if it can. */
export function recordingProblem(reason: Reason | null): Pick<Recording, 'problem' | 'problemReason'> {
  return { problem: reason === null ? null : reasonText(reason), problemReason: reason };
}
