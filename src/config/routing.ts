import { parseTarget, targetForms } from '../domain/routing/route-target.ts';
import type { RouteTarget, RoutingPlan } from '../domain/routing/routing.ts';
import { defaults } from './defaults.ts';
import { isTimezone } from './formats.ts';
import { parseWorkingHours } from './hours.ts';
import type { Report } from './problem.ts';
import type { ConfigFile } from './schema.ts';

type FileRouting = NonNullable<ConfigFile['routing']>;

function toMisses({ misses = {} }: FileRouting): RoutingPlan['misses'] {
  const { to = defaults.routing.misses.to, escalate } = misses;
  if (escalate === undefined) return { owners: to, escalate: null };
  const target = parseTarget(escalate.to ?? defaults.routing.misses.escalate.to);
  return { owners: to, escalate: { after: escalate.after, to: target?.kind === 'manager' ? target.id : null } };
}

/** The routing plan of the file. Hours without a time zone are in `zone`. */
export function toRoutingPlan(file: FileRouting, zone: string, report: Report): RoutingPlan {
  const target = (value: string, path: readonly (string | number)[]): RouteTarget => {
    const parsed = parseTarget(value);
    if (parsed === null) report(path, `expected ${targetForms}`);
    return parsed ?? { kind: 'default' };
  };
  const list = <T>(value: T | readonly T[] | undefined): readonly T[] | undefined =>
    value === undefined ? undefined : ((Array.isArray(value) ? value : [value]) as readonly T[]);
  return {
    deadline: Number.parseInt(file.deadline ?? defaults.routing.deadline, 10),
    ringTimeout: file.ringTimeout ?? defaults.routing.ringTimeout,
    within: { ...defaults.routing.within, ...file.within },
    misses: toMisses(file),
    last: { ...defaults.routing.last, ...file.last },
    fallback: target(file.fallback ?? defaults.routing.fallback, ['routing', 'fallback']),
    rules: (file.rules ?? []).map((rule, i) => {
      const lines = list(rule.when?.line) as readonly string[] | undefined;
      const segments = list(rule.when?.segment) as readonly string[] | undefined;
      const match = list(rule.when?.match) as RoutingPlan['rules'][number]['when']['match'];
      const hours = rule.when?.hours;
      return {
        name: rule.name,
        when: {
          ...(lines && { lines }),
          ...(segments && { segments }),
          ...(match && { match }),
          ...(hours && { hours }),
        },
        to: target(rule.to, ['routing', 'rules', i, 'to']),
      };
    }),
    groups: Object.fromEntries(
      Object.entries(file.groups ?? {}).map(([id, group]) => [
        id,
        {
          id,
          ...(group.head !== undefined && { head: group.head }),
          members: group.members,
          strategy: group.strategy ?? defaults.routing.strategy,
          queue: group.queue ?? null,
        },
      ]),
    ),
    hours: Object.fromEntries(
      Object.entries(file.hours ?? {}).map(([name, hours]) => {
        const timezone = hours.timezone ?? zone;
        if (!isTimezone(timezone))
          report(['routing', 'hours', name, 'timezone'], 'unknown time zone; expected an IANA name like Europe/Moscow');
        return [
          name,
          parseWorkingHours(hours, timezone, (key, message) =>
            report(['routing', 'hours', name, 'week', key], message),
          ),
        ];
      }),
    ),
  };
}
