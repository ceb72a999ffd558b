import { entryOf } from '../domain/base/entry-of.ts';
import type { Manager } from '../domain/directory/manager.ts';
import type { Task } from '../domain/follow-up/follow-up.ts';
import type { RoutingPlan } from '../domain/routing/routing.ts';
import { afterWorkingMinutes } from './working-hours.ts';

type Plan = Pick<RoutingPlan, 'within' | 'hours' | 'misses'>;

/** When a task is due (milliseconds since the epoch): the time that was set, else some working minutes of its manager. Null if never. */
export function dueOf(task: Task, plan: Plan, managers: readonly Manager[]): number | null {
  if (task.dueAt !== null) return Date.parse(task.dueAt);
  const minutes = { call_back: plan.within.callBack, answer: plan.within.answer, other: null }[task.kind];
  return minutes === null ? null : workedFrom(Date.parse(task.createdAt), minutes, task, plan, managers);
}

/** When a missed call that was not returned is passed on. Null if that never happens, or has happened. */
export function passedOnAt(task: Task, plan: Plan, managers: readonly Manager[]): number | null {
  const { escalate } = plan.misses;
  if (escalate === null || task.kind !== 'call_back' || task.state === 'done' || task.escalatedAt !== null) return null;
  const due = dueOf(task, plan, managers);
  return due === null ? null : workedFrom(due, escalate.after, task, plan, managers);
}

function workedFrom(from: number, minutes: number, task: Task, plan: Plan, managers: readonly Manager[]): number {
  const manager = managers.find(({ id }) => id === task.manager?.id);
  return afterWorkingMinutes(entryOf(plan.hours, manager?.hours) ?? null, from, minutes);
}
