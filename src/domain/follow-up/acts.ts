import { timeText } from '../base/time-text.ts';
import { type Refusal, refuse } from '../ports/refusal.ts';
import type { Write } from '../ports/writes.ts';
import { doneTask, type Lead, type Task } from './follow-up.ts';

/** A manager's action on a lead. */
export type LeadWrite = Extract<Write, { op: 'lead' }>;

/** A lead after a manager's action, or the refusal. */
export function actedOn(lead: Lead | null, write: LeadWrite): Lead | Refusal {
  if (lead === null) return refuse('not_found', `no lead ${write.id}`);
  const { act, by } = write;
  const changed = { ...lead, revision: lead.revision + 1, updatedAt: timeText(write.at) };
  if (lead.state === 'qualified' || lead.state === 'rejected')
    return refuse('conflict', `expected an open or taken lead, ${lead.id} is ${lead.state}`);
  switch (act.kind) {
    case 'take':
      if (lead.state === 'taken' && lead.takenBy?.id !== by.id)
        return refuse('conflict', `${lead.takenBy?.name} has taken this lead already`);
      return { ...changed, state: 'taken', takenBy: by };
    case 'qualify':
      return { ...changed, state: 'qualified', takenBy: lead.takenBy ?? by };
    case 'reject':
      return { ...changed, state: 'rejected', takenBy: lead.takenBy ?? by, reason: act.reason };
  }
}

/** A task after a manager marked it as done, or the refusal. */
export function taskDone(task: Task | null, write: Extract<Write, { op: 'task-done' }>): Task | Refusal {
  if (task === null) return refuse('not_found', `no task ${write.id}`);
  if (task.state === 'done') return refuse('conflict', 'the task is done already');
  return doneTask(task, write.by, write.at);
}
