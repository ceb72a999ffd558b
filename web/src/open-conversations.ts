import { ownerOf } from '../../src/domain/conversation.ts';
import type { Interaction } from '../../src/domain/interaction.ts';

const mostShown = 15;

/** The latest contact of each of a manager's conversations that nobody has closed: what waits first, then the newest. */
export function openConversations(contacts: readonly Interaction[], manager: string): readonly Interaction[] {
  const latest = new Map<string, Interaction>();
  for (const one of contacts) {
    const name = one.thread ?? one.id;
    const known = latest.get(name);
    if (known === undefined || known.startedAt < one.startedAt) latest.set(name, one);
  }
  return [...latest.values()]
    .filter((one) => one.closed == null && one.automatic === null && ownerOf(one)?.id === manager)
    .sort((a, b) => Number(isWaiting(b)) - Number(isWaiting(a)) || b.startedAt.localeCompare(a.startedAt))
    .slice(0, mostShown);
}

/** Whether a contact waits for an answer of ours. */
export function isWaiting({ direction, answeredAt }: Interaction): boolean {
  return direction === 'inbound' && answeredAt === null;
}
