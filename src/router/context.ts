import type { ClientHead } from '../domain/directory/client.ts';
import type { MatchDecision } from '../domain/directory/match.ts';
import type { StaffIndex } from '../domain/directory/staff-index.ts';
import type { RouteQuestion, RoutingPlan } from '../domain/routing/routing.ts';
import type { DeviceStates } from './device-states.ts';

/** All facts that a decision depends on. The same facts lead to the same answer. */
export interface RouteFacts {
  readonly plan: RoutingPlan;
  readonly staff: StaffIndex;
  readonly match: MatchDecision;
  readonly devices: DeviceStates;
  readonly turns: Turns;
  /** Looks up a candidate, to find the responsible manager of an ambiguous match. */
  client(id: string): ClientHead | null;
  /** The id of the manager who last talked with the caller by phone within the time of the plan, or null. */
  lastTalker(): string | null;
}

/** The last turns of rotating groups. */
export interface Turns {
  /** The manager who had the last turn of the group, or null. */
  last(group: string): string | null;
}

/** The facts and the question of one decision. */
export interface RouteContext extends RouteFacts {
  readonly question: RouteQuestion;
}
