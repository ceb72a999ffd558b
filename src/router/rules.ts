import { entryOf } from '../domain/base/entry-of.ts';
import type { Reason } from '../domain/base/reason.ts';
import type { Line } from '../domain/directory/manager.ts';
import { reason } from '../domain/reasons/reasons.ts';
import type { RoutingRule } from '../domain/routing/routing.ts';
import type { ClientFacts } from './client-facts.ts';
import type { RouteContext } from './context.ts';
import { isOpen } from './working-hours.ts';

/** Why the rule does not apply: the first condition that does not hold. Null if all hold. */
export function whyNot(
  rule: RoutingRule,
  context: RouteContext,
  line: Line | null,
  client: ClientFacts,
): Reason | null {
  const { lines, segments, match, hours } = rule.when;
  if (lines !== undefined && !isOnLine(lines, context.question.line, line)) return reason('otherLines');
  if (match !== undefined && !match.includes(context.match.outcome))
    return reason('otherCallers', { wanted: match, outcome: context.match.outcome });
  if (segments !== undefined && (client.segment === null || !segments.includes(client.segment)))
    return reason(client.segment === null ? 'noSegment' : 'otherSegments');
  return hours === undefined ? null : whyNotNow(hours, context);
}

function whyNotNow(condition: string, { plan, question }: RouteContext): Reason | null {
  const closed = condition.startsWith('!');
  const name = closed ? condition.slice(1) : condition;
  const hours = entryOf(plan.hours, name);
  if (hours === undefined) return reason('hoursMissing', { hours: name });
  if (isOpen(hours, question.at) !== closed) return null;
  return reason(closed ? 'openNow' : 'closedNow', { hours: name });
}

/** Compares DIDs without the plus, which only some trunks send. */
function isOnLine(wanted: readonly string[], asked: string | null, line: Line | null): boolean {
  const bare = (address: string) => address.replace(/^\+/, '');
  const names = [asked, line?.id, line?.address].filter((name) => typeof name === 'string').map(bare);
  return wanted.some((one) => names.includes(bare(one)));
}
