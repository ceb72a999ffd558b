import type { Ours, Wanted } from './ours.ts';
import { wantedCall } from './wanted-calls.ts';
import { wantedLeads } from './wanted-leads.ts';
import { wantedTodo } from './wanted-todos.ts';
import { wantedRecord } from './wanted-written.ts';

/** What has to be seen in the portal. */
export function wantedOf(ours: Ours): Wanted {
  const wanted: Wanted = new Map();
  for (const contact of ours.contacts) {
    if (contact.channel === 'call') for (const [name, states] of wantedCall(contact, ours)) wanted.set(name, states);
    else wanted.set(`record ${contact.id}`, wantedRecord(contact, ours));
  }
  for (const task of ours.tasks) wanted.set(`to-do ${task.id}`, wantedTodo(task, ours));
  for (const [name, states] of wantedLeads(ours)) wanted.set(name, states);
  return wanted;
}
