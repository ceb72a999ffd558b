import type { Interaction } from '../interaction/interaction.ts';
import { hasLeft } from '../outbound/outbound.ts';
import { answeredAt } from './reduce-written.ts';
import type { WrittenContact } from './written-contact.ts';

/** Contacts of one thread that are looked at when one of ours answers. */
export const threadWindow = 50;

/** Whether a written contact is an answer of ours that left: what the other side waited for. */
export function isAnswer({
  direction,
  automatic,
  state,
}: Pick<Interaction, 'direction' | 'automatic' | 'state'>): boolean {
  return direction === 'outbound' && automatic === null && hasLeft({ state });
}

/** Nobody of ours reads and answers faster than this, in milliseconds; letters and some messengers tell times in whole seconds. */
const quickestAnswer = 1000;

/**
 * When the first answer of ours in a thread was written to what is read only now, or null. What had not arrived by then crossed with
 * it, but for what the answer names.
 */
function answerIn(thread: readonly Interaction[], { id, startedAt }: Interaction, arrivedAt?: number): number | null {
  const asked = Date.parse(startedAt);
  const earliest = Math.max(asked + quickestAnswer, arrivedAt ?? asked);
  const times = thread.filter(isAnswer).map((one) => [one.causedBy, Date.parse(one.startedAt)] as const);
  const later = times.flatMap(([cause, at]) => (cause === id || at >= earliest ? [at] : []));
  return later.length === 0 ? null : Math.min(...later);
}

/**
 * What of a thread waited for an answer of ours that left at `at`: before and after. What was written after it waits on, however late
 * it left.
 */
export function answeredBy(
  answer: Interaction,
  thread: readonly Interaction[],
  at: number,
): readonly (readonly [before: Interaction, after: Interaction])[] {
  return thread.flatMap((before) => {
    const after = before.startedAt > answer.startedAt ? null : answeredAt(before, at);
    return after === null ? [] : [[before, after] as const];
  });
}

/** What a contact inherits of its conversation: whom that was handed over to, and the answer, where it was read out of order. */
export function inConversation(
  interaction: Interaction,
  thread: readonly Interaction[],
  { arrivedAt }: Pick<WrittenContact, 'arrivedAt'>,
): Interaction {
  const assignee = interaction.assignee ?? thread.find((one) => one.id !== interaction.id)?.assignee ?? null;
  const own = { ...interaction, assignee };
  const at = own.direction === 'inbound' ? answerIn(thread, own, arrivedAt) : null;
  const next = at === null ? null : answeredAt(own, at);
  return next === null ? own : { ...next, revision: own.revision };
}
