import { timeText } from '../base/time-text.ts';
import type { StaffIndex } from '../directory/staff-index.ts';
import type { Interaction, Named } from '../interaction/interaction.ts';
import { namedRef } from '../interaction/named-ref.ts';
import { parseTarget } from '../routing/route-target.ts';
import type { MissOwner } from '../routing/routing.ts';
import type { Task } from './follow-up.ts';

/** The manager who has to return a missed call, or null if anybody may. */
export function missOwner(call: Interaction, staff: StaffIndex): Named | null {
  const candidates: Readonly<Record<MissOwner, () => Named | null>> = {
    client: () => call.responsible,
    last: () => lastRung(call),
    head: () => headOf(call, staff),
  };
  for (const owner of staff.misses.owners) {
    const manager = candidates[owner]();
    if (manager !== null) return namedRef(manager);
  }
  return namedRef(call.responsible);
}

/** A task after a further missed call of the same party. */
export function missedAgain(task: Task, call: Interaction): Task {
  return { ...task, contacts: task.contacts + 1, latest: call.id, revision: task.revision + 1 };
}

/** A task that was not done in time, in the hands of another manager. */
export function escalated(task: Task, to: Named, now: number): Task {
  return { ...task, manager: namedRef(to), escalatedAt: timeText(now), revision: task.revision + 1 };
}

/** The head of the group that a line is routed to, else of a group with the manager who was rung last or is responsible. */
function headOf(call: Interaction, staff: StaffIndex): Named | null {
  const target = parseTarget(staff.line(call.line?.connection ?? null, call.line?.id ?? null)?.route ?? '');
  const routed = target?.kind === 'group' ? staff.headOfGroup(target.id) : null;
  return routed ?? staff.headOver(lastRung(call)?.id ?? null) ?? staff.headOver(call.responsible?.id ?? null);
}

/** The manager whose telephone was the last to ring. */
function lastRung({ legs }: Interaction): Named | null {
  let last: Named | null = null;
  let lastAt = '';
  for (const { manager, rangAt, lastRangAt } of legs) {
    const at = lastRangAt ?? rangAt ?? '';
    if (manager === null || at < lastAt) continue;
    last = manager;
    lastAt = at;
  }
  return last;
}
