import type { RouteTarget } from './routing.ts';

/** The forms of a target, for messages. */
export const targetForms = 'responsible, last, manager:ID, group:NAME, queue:NUMBER or default';

/** Parses a target, see {@link targetForms}; null for anything else. */
export function parseTarget(value: string): RouteTarget | null {
  if (value === 'responsible' || value === 'last' || value === 'default') return { kind: value };
  const [, kind, id] = /^(manager|group|queue):([A-Za-z0-9_.:-]{1,64})$/.exec(value) ?? [];
  if (id === undefined) return null;
  return { kind: kind as 'manager' | 'group' | 'queue', id };
}
