import type { Reason } from '../domain/base/reason.ts';
import type { TraceStep } from '../domain/interaction/interaction.ts';
import { namedRef } from '../domain/interaction/named-ref.ts';
import { reason } from '../domain/reasons/reasons.ts';
import { parseTarget } from '../domain/routing/route-target.ts';
import type { RouteAnswer, RouteQuestion, RouteTarget } from '../domain/routing/routing.ts';
import { traceStep } from '../domain/routing/trace.ts';
import { clientFacts } from './client-facts.ts';
import type { RouteContext, RouteFacts } from './context.ts';
import { whyNot } from './rules.ts';
import { tryTarget } from './targets.ts';

/** A step of a decision: a configured rule, or a built-in step after the rules. */
interface Attempt {
  readonly rule: string;
  readonly target: RouteTarget;
  /** Why it does not apply, or null. */
  readonly skip: Reason | null;
}

/**
 * Decides where a contact is routed, without side effects. The rules are tried in order, then the responsible manager and deputies,
 * the line's own route, the fallback, and finally the PBX's default. The trace contains all steps that were tried.
 */
export function decideRoute(question: RouteQuestion, facts: RouteFacts): RouteAnswer {
  const context: RouteContext = { ...facts, question };
  const client = clientFacts(context);
  const trace: TraceStep[] = [client.note];
  const whole = {
    timeout: facts.plan.ringTimeout,
    client: namedRef(facts.match.client),
    responsible: namedRef(client.responsible),
  };
  const failed = new Map<string, string>();

  for (const { rule, target, skip } of attempts(context, client)) {
    if (skip !== null) {
      trace.push(traceStep(rule, 'skipped', [skip]));
      continue;
    }
    // A target that failed cannot succeed later in the same decision. Its reasons are already in the trace.
    const key = JSON.stringify(target);
    const earlier = failed.get(key);
    if (earlier !== undefined) {
      trace.push(traceStep(rule, 'skipped', [reason('sameTarget', { rule: earlier })]));
      continue;
    }
    const result = tryTarget(target, context, client.responsible);
    trace.push(traceStep(rule, result.done ? 'applied' : 'skipped', result.reasons));
    if (result.done) {
      const { decision, managers, queue, turn } = result;
      return { ...whole, decision, managers, queue, turn, trace };
    }
    failed.set(key, rule);
  }
  trace.push(traceStep('default', 'applied', [reason('nothingElse'), reason('pbxDecides')]));
  return { ...whole, decision: 'default', managers: [], queue: null, turn: null, trace };
}

function* attempts(context: RouteContext, client: ReturnType<typeof clientFacts>): Generator<Attempt> {
  const { plan, staff, question } = context;
  const line = staff.line(question.connection, question.line);
  for (const rule of plan.rules) yield { rule: rule.name, target: rule.to, skip: whyNot(rule, context, line, client) };
  yield { rule: 'responsible', target: { kind: 'responsible' }, skip: null };
  if (line !== null && line.route !== null) {
    const target = parseTarget(line.route);
    const skip = target === null ? reason('lineRouteUnclear') : null;
    yield { rule: 'line', target: target ?? { kind: 'default' }, skip };
  }
  yield { rule: 'fallback', target: plan.fallback, skip: null };
}
