import { entryOf } from '../domain/base/entry-of.ts';
import type { Manager } from '../domain/directory/manager.ts';
import type { Group, RouteAnswer, RouteTarget } from '../domain/routing/routing.ts';
import { inOneText, say } from '../domain/routing/trace-words.ts';
import { availabilityOf } from './availability.ts';
import type { RouteContext } from './context.ts';
import { isDialable } from './dial-string.ts';

/** Where a target leads now, or that it leads nowhere; `why` in words either way. */
export type Carried =
  | (Pick<RouteAnswer, 'decision' | 'managers' | 'queue' | 'turn'> & { readonly done: true; readonly why: string })
  | { readonly done: false; readonly why: string };

const nobody = { managers: [], queue: null, turn: null } as const;

/** Tries to carry a target out with who can be reached now. */
export function carryOut(target: RouteTarget, context: RouteContext, responsible: Manager | null): Carried {
  switch (target.kind) {
    case 'default':
      return { done: true, decision: 'default', ...nobody, why: say('pbx') };
    case 'queue':
      return toQueue(target.id, []);
    case 'group':
      return toGroup(target.id, context);
    case 'manager':
      return toManager(context.staff.byId(target.id), say('managerMissing'), context);
    case 'responsible':
      return toManager(responsible, say('noResponsible'), context);
  }
}

/** The manager, else the deputy, else the deputy's deputy; nobody is asked twice. */
function toManager(first: Manager | null, none: string, context: RouteContext): Carried {
  if (first === null) return { done: false, why: none };
  const reasons: string[] = [];
  const asked = new Set<string>();
  for (let manager: Manager | null = first; manager !== null && !asked.has(manager.id); ) {
    asked.add(manager.id);
    const availability = availabilityOf(manager, context);
    if (availability.reachable) {
      const decision = manager === first ? 'responsible' : 'deputy';
      const why = inOneText([...reasons, say(manager === first ? 'reachable' : 'standsIn', { manager: manager.name })]);
      return { done: true, decision, ...nobody, managers: ringing(manager, availability.extensions), why };
    }
    reasons.push(availability.why);
    manager = context.staff.byId(availability.deputy);
  }
  return { done: false, why: inOneText(reasons) };
}

function toGroup(id: string, context: RouteContext): Carried {
  const group = entryOf(context.plan.groups, id);
  if (group === undefined) return { done: false, why: say('groupMissing', { group: id }) };
  const reasons: string[] = [];
  const managers: RouteAnswer['managers'][number][] = [];
  const names: string[] = [];
  for (const member of inTurn(group, context)) {
    const manager = context.staff.byId(member);
    if (manager === null) {
      reasons.push(say('memberMissing'));
      continue;
    }
    const availability = availabilityOf(manager, context);
    if (!availability.reachable) {
      reasons.push(availability.why);
      continue;
    }
    managers.push(...ringing(manager, availability.extensions));
    names.push(manager.name);
    if (group.strategy === 'rotate') {
      const why = inOneText([...reasons, say('turn', { manager: manager.name, group: group.id })]);
      return { done: true, decision: 'group', managers, queue: null, turn: { group: id, manager: manager.id }, why };
    }
  }
  if (managers.length > 0) {
    const why = inOneText([...reasons, say('groupRings', { group: group.id, managers: names.join(', ') })]);
    return { done: true, decision: 'group', ...nobody, managers, why };
  }
  if (reasons.length === 0) reasons.push(say('groupEmpty', { group: group.id }));
  if (group.queue !== null) return toQueue(group.queue, reasons);
  return { done: false, why: say('groupUnreachable', { group: group.id, reason: inOneText(reasons) }) };
}

/** The members in the order to be asked: a rotating group begins behind who had the last turn. */
function inTurn(group: Group, context: RouteContext): readonly string[] {
  const members = [...new Set(group.members)];
  if (group.strategy === 'all') return members;
  const next = members.indexOf(context.turns.last(group.id) ?? '') + 1;
  return [...members.slice(next), ...members.slice(0, next)];
}

function toQueue(queue: string, reasons: readonly string[]): Carried {
  if (!isDialable(queue)) return { done: false, why: inOneText([...reasons, say('queueName')]) };
  return { done: true, decision: 'queue', ...nobody, queue, why: inOneText([...reasons, say('queue', { queue })]) };
}

function ringing(manager: Manager, extensions: readonly string[]): RouteAnswer['managers'] {
  return extensions.map((extension) => ({ manager: { id: manager.id, name: manager.name }, extension }));
}
