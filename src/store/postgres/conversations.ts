import type { StaffIndex } from '../../domain/directory/staff-index.ts';
import type { Task } from '../../domain/follow-up/follow-up.ts';
import type { Refusal } from '../../domain/ports/refusal.ts';
import type { Change } from '../../domain/ports/writes.ts';
import { threadWindow } from '../../domain/written/answers.ts';
import { type ConversationWrite, changedBy, noConversation, whatOf } from '../../domain/written/conversation-acts.ts';
import type { FollowUpTable } from './follow-ups.ts';
import type { InteractionTable } from './interactions.ts';
import type { ViewerTable } from './viewers.ts';

/** Hands a conversation over or closes it; the steps are those of SQLite's. */
export async function changeConversation(
  write: ConversationWrite,
  tables: {
    readonly interactions: InteractionTable;
    readonly followUps: FollowUpTable;
    readonly viewers: ViewerTable;
  },
  staff: StaffIndex,
): Promise<readonly Change[] | Refusal> {
  const { interactions, followUps } = tables;
  const contact = await interactions.get(write.id);
  const refusal = noConversation(contact, write);
  if (contact === null || refusal !== null) return refusal ?? [];
  const thread = contact.thread === null ? [contact] : await interactions.ofThread(contact.thread, threadWindow);
  const open = new Map<string, Task>();
  for (const { id } of thread) {
    const task = await followUps.task(id);
    if (task?.state === 'open') open.set(id, task);
  }
  const changed = changedBy(write, { thread, open }, staff);
  if ('ok' in changed) return changed;
  for (const task of changed.tasks) await followUps.putTask(task);
  if (write.op === 'hand-over') await tables.viewers.hand(thread, write.to);
  const changes: Change[] = [];
  for (const [before, after] of changed.contacts)
    changes.push(await interactions.save(before, after, write.at, write.by.id, whatOf(write)));
  return changes;
}
