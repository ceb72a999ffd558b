import type { StaffIndex } from '../../domain/directory/staff-index.ts';
import type { Task } from '../../domain/follow-up/follow-up.ts';
import type { Refusal } from '../../domain/ports/refusal.ts';
import type { Change } from '../../domain/ports/writes.ts';
import { threadWindow } from '../../domain/written/answers.ts';
import { type ConversationWrite, changedBy, noConversation, whatOf } from '../../domain/written/conversation-acts.ts';
import type { FollowUpTable } from './follow-ups.ts';
import type { InteractionTable } from './interactions.ts';
import type { ViewerTable } from './viewers.ts';

/** Hands a conversation over or closes it: its latest contact, what waits in it, and its tasks, in one. */
export function changeConversation(
  write: ConversationWrite,
  tables: {
    readonly interactions: InteractionTable;
    readonly followUps: FollowUpTable;
    readonly viewers: ViewerTable;
  },
  staff: StaffIndex,
): readonly Change[] | Refusal {
  const { interactions, followUps } = tables;
  const contact = interactions.get(write.id);
  const refusal = noConversation(contact, write);
  if (contact === null || refusal !== null) return refusal ?? [];
  const thread = contact.thread === null ? [contact] : interactions.ofThread(contact.thread, threadWindow);
  const open = new Map<string, Task>();
  for (const { id } of thread) {
    const task = followUps.task(id);
    if (task?.state === 'open') open.set(id, task);
  }
  const changes = changedBy(write, { thread, open }, staff);
  if ('ok' in changes) return changes;
  for (const task of changes.tasks) followUps.putTask(task);
  if (write.op === 'hand-over') tables.viewers.hand(thread, write.to);
  return changes.contacts.map(([before, after]) =>
    interactions.save(before, after, write.at, write.by.id, whatOf(write)),
  );
}
