import type { Interaction } from '../../domain/interaction/interaction.ts';
import type { Tables } from '../../domain/ports/tables.ts';
import { threadWindow } from '../../domain/written/answers.ts';
import { changesState, conversationName, stateAfter, stateOf } from '../../domain/written/conversation-state.ts';

/** Updates the state of the conversation that a written contact belongs to. Call it after the revision was saved. */
export async function trackConversation(tables: Tables, before: Interaction | null, after: Interaction): Promise<void> {
  if (!changesState(before, after)) return;
  const name = conversationName(after);
  const former = before === null ? name : conversationName(before);
  if (former !== name) await readAgain(tables, former, before?.thread == null ? [] : null);
  const known = await tables.conversations.get(name);
  const next = stateAfter(known, former === name ? before : null, after);
  if (next === undefined) await readAgain(tables, name, after.thread === null ? [after] : null);
  else if (next !== known) await tables.conversations.put(next);
}

/** Works the state out of the contacts; `thread` gives them if the conversation has no others. */
async function readAgain(
  { interactions, conversations }: Tables,
  name: string,
  thread: readonly Interaction[] | null,
): Promise<void> {
  const state = stateOf(name, thread ?? (await interactions.ofThread(name, threadWindow)));
  await (state === null ? conversations.remove(name) : conversations.put(state));
}
