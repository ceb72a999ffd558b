import type { RouteSummary } from '../domain/interaction/interaction.ts';
import type { RouteAnswer } from '../domain/routing/routing.ts';
import { dialExtensions } from './dial-string.ts';

/** The decision as interactions contain it. */
export function summarise(answer: RouteAnswer): RouteSummary {
  return {
    decision: answer.decision,
    to: answer.queue ?? (dialExtensions(answer).join('&') || null),
    trace: answer.trace,
  };
}
