import { named } from '../domain/call/call-facts.ts';
import type { TraceStep } from '../domain/interaction/interaction.ts';
import { parseTarget } from '../domain/routing/route-target.ts';
import type { RouteAnswer, RouteQuestion, RouteTarget } from '../domain/routing/routing.ts';
import { inOneText, say } from '../domain/routing/trace-words.ts';
import { clientFacts } from './client-facts.ts';
import type { RouteContext, RouteFacts } from './context.ts';
import { whyNot } from './rules.ts';
import { carryOut } from './targets.ts';

/** A thing to try: a rule of the configuration, or what holds when no rule took the call. */
interface Attempt {
  readonly rule: string;
  readonly target: RouteTarget;
  /** Why it does not apply at all, or null. */
  readonly skip: string | null;
}

/**
 * Decides where a contact goes. Pure: asking changes nothing. Rules in their order; then, where none took it,
 * the responsible manager and deputies, the line's own route, the fallback, and last of all the PBX's default.
 * Each step that was looked at is in the trace.
 */
export function decideRoute(question: RouteQuestion, facts: RouteFacts): RouteAnswer {
  const context: RouteContext = { ...facts, question };
  const client = clientFacts(context);
  const trace: TraceStep[] = [client.note];
  const whole = {
    timeout: facts.plan.ringTimeout,
    client: named(facts.match.client),
    responsible: named(client.responsible),
  };
  const failed = new Map<string, string>();

  for (const { rule, target, skip } of attempts(context, client)) {
    if (skip !== null) {
      trace.push({ rule, outcome: 'skipped', why: skip });
      continue;
    }
    // The same target can't succeed later within one decision; its reasons stand in the trace once.
    const key = JSON.stringify(target);
    const earlier = failed.get(key);
    if (earlier !== undefined) {
      trace.push({ rule, outcome: 'skipped', why: say('samePlace', { rule: earlier }) });
      continue;
    }
    const carried = carryOut(target, context, client.responsible);
    trace.push({ rule, outcome: carried.done ? 'applied' : 'skipped', why: carried.why });
    if (carried.done) {
      const { decision, managers, queue, turn } = carried;
      return { ...whole, decision, managers, queue, turn, trace };
    }
    failed.set(key, rule);
  }
  trace.push({ rule: 'default', outcome: 'applied', why: inOneText([say('nothingElse'), say('pbx')]) });
  return { ...whole, decision: 'default', managers: [], queue: null, turn: null, trace };
}

function* attempts(context: RouteContext, client: ReturnType<typeof clientFacts>): Generator<Attempt> {
  const { plan, staff, question } = context;
  const line = staff.line(question.connection, question.line);
  for (const rule of plan.rules) yield { rule: rule.name, target: rule.to, skip: whyNot(rule, context, line, client) };
  yield { rule: 'responsible', target: { kind: 'responsible' }, skip: null };
  if (line !== null && line.route !== null) {
    const target = parseTarget(line.route);
    const skip = target === null ? say('lineRoute') : null;
    yield { rule: 'line', target: target ?? { kind: 'default' }, skip };
  }
  yield { rule: 'fallback', target: plan.fallback, skip: null };
}
