import type { Interaction, Named, RouteSummary } from '../interaction/interaction.ts';
import type { AskedLine } from './asked-line.ts';

/** Maximum steps of a trace on an interaction, so that repeated requests cannot make it grow without bound. */
const maxTraceSteps = 100;

/** Milliseconds for which a decision waits for a call that has not been seen yet. */
export const pendingRouteLife = 3_600_000;

/** A decision that waits for its call. */
export interface PendingRoute {
  readonly route: RouteSummary;
  readonly responsible: Named | null;
  /** The configured line that was asked for. Rows of older versions lack it. */
  readonly line?: AskedLine | null;
}

/** Adds a decision to an interaction. */
export function routed(interaction: Interaction, { route, responsible }: PendingRoute): Interaction {
  const before = interaction.route;
  return {
    ...interaction,
    route: before === null ? route : joined(before, route),
    responsible: responsible ?? interaction.responsible,
  };
}

/** Combines the decisions of one call, which is routed again if nobody answers. The last one holds; the trace contains all. */
export function joined(before: RouteSummary, after: RouteSummary): RouteSummary {
  return { ...after, trace: [...before.trace, ...after.trace].slice(-maxTraceSteps) };
}
