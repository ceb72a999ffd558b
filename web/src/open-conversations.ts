import type { Interaction } from '../../src/domain/interaction/interaction.ts';
import { ownerOf } from '../../src/domain/written/conversation.ts';

const mostShown = 15;

/** The latest contact of each of a manager's conversations that nobody has closed: what wants something first, then the newest. What no human wrote leaves a conversation as it was. */
export function openConversations(contacts: readonly Interaction[], manager: string): readonly Interaction[] {
  const latest = new Map<string, Interaction>();
  for (const one of contacts) {
    if (one.automatic !== null) continue;
    const name = one.thread ?? one.id;
    const known = latest.get(name);
    if (known === undefined || known.startedAt < one.startedAt) latest.set(name, one);
  }
  return [...latest.values()]
    .filter((one) => one.closed == null && ownerOf(one)?.id === manager)
    .sort((a, b) => Number(wantsSomething(b)) - Number(wantsSomething(a)) || b.startedAt.localeCompare(a.startedAt))
    .slice(0, mostShown);
}

/** Whether somebody of ours has to do something: answer, or see to what did not arrive. */
export function wantsSomething(contact: Interaction): boolean {
  return isWaiting(contact) || hasFailed(contact);
}

/** Whether what we wrote did not arrive. */
export function hasFailed({ direction, state }: Interaction): boolean {
  return direction === 'outbound' && state === 'failed';
}

/** Whether a contact waits for an answer of ours. */
export function isWaiting({ direction, answeredAt }: Interaction): boolean {
  return direction === 'inbound' && answeredAt === null;
}
