import type { RouteTarget } from './routing.ts';

/** Parses `responsible`, `manager:ID`, `group:NAME`, `queue:NUMBER` or `default`; null for anything else. */
export function parseTarget(value: string): RouteTarget | null {
  if (value === 'responsible' || value === 'default') return { kind: value };
  const [, kind, id] = /^(manager|group|queue):([A-Za-z0-9_.:-]{1,64})$/.exec(value) ?? [];
  if (id === undefined) return null;
  return { kind: kind as 'manager' | 'group' | 'queue', id };
}
