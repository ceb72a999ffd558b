import type { Interaction, Named, RouteSummary } from '../interaction/interaction.ts';

/** Steps of a trace kept on an interaction: asking again and again must not make it grow without bound. */
const maxTraceSteps = 100;

/** Routes asked for a call that has not been seen yet are forgotten after this, in milliseconds. */
export const pendingRouteLife = 3_600_000;

/** A decision that waits for its call. */
export interface PendingRoute {
  readonly route: RouteSummary;
  readonly responsible: Named | null;
}

/** An interaction with one more decision. */
export function routed(interaction: Interaction, { route, responsible }: PendingRoute): Interaction {
  const before = interaction.route;
  return {
    ...interaction,
    route: before === null ? route : joined(before, route),
    responsible: responsible ?? interaction.responsible,
  };
}

/** Asked again because nobody answered: the last decision holds, the trace tells all of them. */
export function joined(before: RouteSummary, after: RouteSummary): RouteSummary {
  return { ...after, trace: [...before.trace, ...after.trace].slice(-maxTraceSteps) };
}
