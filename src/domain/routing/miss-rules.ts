import type { MissOwner, RoutingPlan } from './routing.ts';

/** Who has to return missed calls. */
export interface MissRules {
  /** The first one who is known has to. */
  readonly owners: readonly MissOwner[];
  /** Groups with a head, by name. All are manager ids. */
  readonly heads: Readonly<Record<string, { readonly members: readonly string[]; readonly head: string }>>;
}

/** The rules of a configuration that says nothing about misses. */
export const defaultMissRules: MissRules = { owners: ['client'], heads: {} };

/** The rules of a routing plan. */
export function missRulesOf({ misses, groups }: Pick<RoutingPlan, 'misses' | 'groups'>): MissRules {
  const heads = Object.entries(groups).flatMap(([id, { members, head }]) =>
    head === undefined ? [] : [[id, { members, head }] as const],
  );
  return { owners: misses.owners, heads: Object.fromEntries(heads) };
}
