import type { Interaction } from '../../../../src/domain/interaction/interaction.ts';
import { ownerOf } from '../../../../src/domain/written/conversation.ts';

const maxShown = 15;

/**
 * The latest message of each open conversation of a manager: those that need attention first, then the newest. Automatic
 * messages don't count.
 */
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
    .sort((a, b) => Number(needsAttention(b)) - Number(needsAttention(a)) || b.startedAt.localeCompare(a.startedAt))
    .slice(0, maxShown);
}

/** Whether a message waits for an answer or was not sent. */
export function needsAttention(message: Interaction): boolean {
  return isWaiting(message) || hasFailed(message);
}

/** Whether a message of ours was not sent. */
export function hasFailed({ direction, state }: Interaction): boolean {
  return direction === 'outbound' && state === 'failed';
}

/** Whether a message waits for our answer. */
export function isWaiting({ direction, answeredAt }: Interaction): boolean {
  return direction === 'inbound' && answeredAt === null;
}
