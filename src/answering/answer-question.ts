import type { ClientId } from '../domain/base/ids.ts';
import type { Reason } from '../domain/base/reason.ts';
import type { RoutingReader } from '../domain/directory/client.ts';
import { normaliseIdentifier } from '../domain/directory/identifiers.ts';
import type { MatchDecision } from '../domain/directory/match.ts';
import type { StaffIndex } from '../domain/directory/staff-index.ts';
import type { RouteAnswer, RouteQuestion, RoutingPlan } from '../domain/routing/routing.ts';
import { traceStep } from '../domain/routing/trace.ts';
import { Matcher } from '../matching/matcher.ts';
import type { Turns } from '../router/context.ts';
import { decideRoute } from '../router/decide-route.ts';
import type { DeviceStates } from '../router/device-states.ts';

const dayMs = 24 * 3600_000;

/** Data from which a question is answered, on the answering thread as well as on the main thread. */
export interface AnswerSources {
  readonly directory: RoutingReader;
  readonly plan: RoutingPlan;
  readonly staff: StaffIndex;
  readonly devices: DeviceStates;
  readonly turns: Turns;
}

/** The decision together with the match it is based on. */
export interface Answered {
  readonly match: MatchDecision;
  readonly answer: RouteAnswer;
}

/** Matches the caller, then routes the call. Changes nothing. Throws if the directory can't be read; see {@link defaultAnswer}. */
export function answerQuestion(question: RouteQuestion, sources: AnswerSources): Answered {
  const { directory, plan, staff, devices, turns } = sources;
  const region = staff.regionOf(question.connection, question.line);
  const match = new Matcher(directory, region).match({ phone: question.phone });
  const client = (id: string) => directory.client(id as ClientId);
  const lastTalker = () => {
    const phone = normaliseIdentifier({ kind: 'phone', value: question.phone }, region)?.value ?? null;
    return directory.lastTalker({ phone, client: match.client?.id ?? null }, question.at - plan.last.within * dayMs);
  };
  return { match, answer: decideRoute(question, { plan, staff, match, devices, turns, client, lastTalker }) };
}

/** The answer when none could be worked out: the PBX's own default, never silence. `reasons` go into the trace. */
export function defaultAnswer(reasons: readonly Reason[], timeout = 20): RouteAnswer {
  return {
    decision: 'default',
    managers: [],
    queue: null,
    timeout,
    client: null,
    responsible: null,
    trace: [traceStep('default', 'applied', reasons)],
    turn: null,
  };
}
