import type { Reason } from '../base/reason.ts';
import type { TraceStep } from '../interaction/interaction.ts';
import { reasonsText } from '../reasons/reasons.ts';

/** A step of a routing decision, with its reasons as codes and in English. */
export function traceStep(rule: string, outcome: TraceStep['outcome'], reasons: readonly Reason[]): TraceStep {
  return { rule, outcome, why: reasonsText(reasons), reasons };
}
