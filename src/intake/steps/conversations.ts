import type { Task } from '../../domain/follow-up/follow-up.ts';
import type { Outcome } from '../../domain/ports/refusal.ts';
import type { Change } from '../../domain/ports/writes.ts';
import { threadWindow } from '../../domain/written/answers.ts';
import {
  type ConversationWrite,
  changedBy,
  historyText,
  noConversation,
} from '../../domain/written/conversation-acts.ts';
import { save } from './save.ts';
import type { Work } from './work.ts';

/** Hands a conversation over or closes it: its latest contact, its waiting contacts and its tasks change together. */
export async function changeConversation({ tables, staff }: Work, write: ConversationWrite): Promise<Outcome> {
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
  if (write.op === 'hand-over') await interactions.showTo(write.to, thread);
  const changes: Change[] = [];
  const reason = { at: write.at, by: write.by.id, what: historyText(write) };
  for (const [before, after] of changed.contacts) changes.push(await save(tables, before, after, reason));
  return changes;
}
