import type { Line } from '../domain/manager.ts';
import type { RoutingRule } from '../domain/routing.ts';
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
  if (lines !== undefined && !isOnLine(lines, context.question.line, line)) return 'is for other lines';
  if (match !== undefined && !match.includes(context.match.outcome))
    return `is for ${match.join(' or ')} callers, this one is ${context.match.outcome}`;
  if (segments !== undefined && (client.segment === null || !segments.includes(client.segment)))
    return client.segment === null ? 'is for certain segments, the caller has none' : 'is for other segments';
  return hours === undefined ? null : whyNotNow(hours, context);
}

function whyNotNow(condition: string, { plan, question }: RouteContext): string | null {
  const closed = condition.startsWith('!');
  const name = closed ? condition.slice(1) : condition;
  const hours = plan.hours[name];
  if (hours === undefined) return `names the hours "${name}", which are not configured`;
  if (isOpen(hours, question.at) !== closed) return null;
  return closed ? `is for the time outside "${name}", which is open now` : `is for "${name}", which is closed now`;
}

/** DIDs are compared without the plus: one trunk writes it, the next does not. */
function isOnLine(wanted: readonly string[], asked: string | null, line: Line | null): boolean {
  const bare = (address: string) => address.replace(/^\+/, '');
  const names = [asked, line?.id, line?.address].filter((name) => typeof name === 'string').map(bare);
  return wanted.some((one) => names.includes(bare(one)));
}
