import { entryOf } from '../domain/base/entry-of.ts';
import type { Reason } from '../domain/base/reason.ts';
import type { Manager } from '../domain/directory/manager.ts';
import { reason } from '../domain/reasons/reasons.ts';
import type { Group, RouteAnswer, RouteTarget } from '../domain/routing/routing.ts';
import { availabilityOf } from './availability.ts';
import type { RouteContext } from './context.ts';
import { isDialable } from './dial-string.ts';

/** The result of trying a target, with the reasons. */
export type TargetResult =
  | (Pick<RouteAnswer, 'decision' | 'managers' | 'queue' | 'turn'> & {
      readonly done: true;
      readonly reasons: readonly Reason[];
    })
  | { readonly done: false; readonly reasons: readonly Reason[] };

const nobody = { managers: [], queue: null, turn: null } as const;

/** Tries a target with the managers who can be reached now. */
export function tryTarget(target: RouteTarget, context: RouteContext, responsible: Manager | null): TargetResult {
  switch (target.kind) {
    case 'default':
      return { done: true, decision: 'default', ...nobody, reasons: [reason('pbxDecides')] };
    case 'queue':
      return toQueue(target.id, []);
    case 'group':
      return toGroup(target.id, context);
    case 'manager':
      return toManager(context.staff.byId(target.id), reason('managerMissing'), context);
    case 'responsible':
      return toManager(responsible, reason('noResponsible'), context);
    case 'last':
      return toLastTalker(context);
  }
}

/** Tries the manager who last talked with the caller. Deputies stand in for responsible managers, not for earlier talks. */
function toLastTalker(context: RouteContext): TargetResult {
  const id = context.lastTalker();
  if (id === null) return { done: false, reasons: [reason('noLastTalk', { days: context.plan.last.within })] };
  const manager = context.staff.byId(id);
  if (manager === null) return { done: false, reasons: [reason('lastTalkerMissing')] };
  const known = reason('lastTalkerIs', { manager: manager.name });
  const availability = availabilityOf(manager, context);
  if (!availability.reachable) return { done: false, reasons: [known, availability.reason] };
  const reasons = [known, reason('reachable', { manager: manager.name })];
  return {
    done: true,
    decision: 'responsible',
    ...nobody,
    managers: ringing(manager, availability.extensions),
    reasons,
  };
}

/** Tries the manager, then the deputy, then the deputy's deputy. Nobody is tried twice. */
function toManager(first: Manager | null, none: Reason, context: RouteContext): TargetResult {
  if (first === null) return { done: false, reasons: [none] };
  const reasons: Reason[] = [];
  const tried = new Set<string>();
  for (let manager: Manager | null = first; manager !== null && !tried.has(manager.id); ) {
    tried.add(manager.id);
    const availability = availabilityOf(manager, context);
    if (availability.reachable) {
      const decision = manager === first ? 'responsible' : 'deputy';
      reasons.push(reason(manager === first ? 'reachable' : 'standsIn', { manager: manager.name }));
      return { done: true, decision, ...nobody, managers: ringing(manager, availability.extensions), reasons };
    }
    reasons.push(availability.reason);
    manager = context.staff.byId(availability.deputy);
  }
  return { done: false, reasons };
}

function toGroup(id: string, context: RouteContext): TargetResult {
  const group = entryOf(context.plan.groups, id);
  if (group === undefined) return { done: false, reasons: [reason('groupMissing', { group: id })] };
  const reasons: Reason[] = [];
  const managers: RouteAnswer['managers'][number][] = [];
  const names: string[] = [];
  for (const member of inTurn(group, context)) {
    const manager = context.staff.byId(member);
    if (manager === null) {
      reasons.push(reason('memberMissing'));
      continue;
    }
    const availability = availabilityOf(manager, context);
    if (!availability.reachable) {
      reasons.push(availability.reason);
      continue;
    }
    managers.push(...ringing(manager, availability.extensions));
    names.push(manager.name);
    if (group.strategy === 'order') {
      reasons.push(reason('groupOrder', { manager: manager.name, group: group.id }));
      return { done: true, decision: 'group', ...nobody, managers, reasons };
    }
    if (group.strategy === 'rotate') {
      reasons.push(reason('groupTurn', { manager: manager.name, group: group.id }));
      return {
        done: true,
        decision: 'group',
        managers,
        queue: null,
        turn: { group: id, manager: manager.id },
        reasons,
      };
    }
  }
  if (managers.length > 0) {
    reasons.push(reason('groupRings', { group: group.id, managers: names }));
    return { done: true, decision: 'group', ...nobody, managers, reasons };
  }
  if (reasons.length === 0) reasons.push(reason('groupEmpty', { group: group.id }));
  if (group.queue !== null) return toQueue(group.queue, reasons);
  return { done: false, reasons: [reason('groupUnreachable', { group: group.id, reason: reasons })] };
}

/** The members in the order of trying. A rotating group starts after the member who had the last turn. */
function inTurn(group: Group, context: RouteContext): readonly string[] {
  const members = [...new Set(group.members)];
  if (group.strategy !== 'rotate') return members;
  const next = members.indexOf(context.turns.last(group.id) ?? '') + 1;
  return [...members.slice(next), ...members.slice(0, next)];
}

function toQueue(queue: string, reasons: readonly Reason[]): TargetResult {
  if (!isDialable(queue)) return { done: false, reasons: [...reasons, reason('queueUndialable')] };
  return {
    done: true,
    decision: 'queue',
    ...nobody,
    queue,
    reasons: [...reasons, reason('queueTakesOver', { queue })],
  };
}

function ringing(manager: Manager, extensions: readonly string[]): RouteAnswer['managers'] {
  return extensions.map((extension) => ({ manager: { id: manager.id, name: manager.name }, extension }));
}
