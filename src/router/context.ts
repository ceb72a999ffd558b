import type { ClientHead } from '../domain/directory/client.ts';
import type { MatchDecision } from '../domain/directory/match.ts';
import type { StaffIndex } from '../domain/directory/staff-index.ts';
import type { RouteQuestion, RoutingPlan } from '../domain/routing/routing.ts';
import type { DeviceStates } from './device-states.ts';

/** Everything a decision is made from; nothing else is looked at, so the same facts give the same answer. */
export interface RouteFacts {
  readonly plan: RoutingPlan;
  readonly staff: StaffIndex;
  readonly match: MatchDecision;
  readonly devices: DeviceStates;
  readonly turns: Turns;
  /** A candidate's head, for the responsible managers of an ambiguous match. */
  client(id: string): ClientHead | null;
}

/** Whose turn it was last in the rotating groups. */
export interface Turns {
  /** The manager who had the last turn of the group, or null. */
  last(group: string): string | null;
}

/** One decision on its way: the facts and the question. */
export interface RouteContext extends RouteFacts {
  readonly question: RouteQuestion;
}
