import { entryOf } from '../domain/base/entry-of.ts';
import type { Line } from '../domain/directory/manager.ts';
import type { RoutingRule } from '../domain/routing/routing.ts';
import { say } from '../domain/routing/trace-words.ts';
import type { ClientFacts } from './client-facts.ts';
import type { RouteContext } from './context.ts';
import { isOpen } from './working-hours.ts';

/** The first condition of the rule that does not hold, in words; null when all hold. */
export function whyNot(
  rule: RoutingRule,
  context: RouteContext,
  line: Line | null,
  client: ClientFacts,
): string | null {
  const { lines, segments, match, hours } = rule.when;
  if (lines !== undefined && !isOnLine(lines, context.question.line, line)) return say('otherLines');
  if (match !== undefined && !match.includes(context.match.outcome))
    return say('otherCallers', { wanted: match.join(' or '), outcome: context.match.outcome });
  if (segments !== undefined && (client.segment === null || !segments.includes(client.segment)))
    return say(client.segment === null ? 'noSegment' : 'otherSegments');
  return hours === undefined ? null : whyNotNow(hours, context);
}

function whyNotNow(condition: string, { plan, question }: RouteContext): string | null {
  const closed = condition.startsWith('!');
  const name = closed ? condition.slice(1) : condition;
  const hours = entryOf(plan.hours, name);
  if (hours === undefined) return say('hoursMissing', { hours: name });
  if (isOpen(hours, question.at) !== closed) return null;
  return say(closed ? 'openNow' : 'closedNow', { hours: name });
}

/** DIDs are compared without the plus: one trunk writes it, the next does not. */
function isOnLine(wanted: readonly string[], asked: string | null, line: Line | null): boolean {
  const bare = (address: string) => address.replace(/^\+/, '');
  const names = [asked, line?.id, line?.address].filter((name) => typeof name === 'string').map(bare);
  return wanted.some((one) => names.includes(bare(one)));
}
