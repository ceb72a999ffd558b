import type { Interaction } from '../interaction/interaction.ts';
import { hasLeft } from '../outbound/outbound.ts';
import { answeredAt } from './reduce-written.ts';
import type { WrittenContact } from './written-contact.ts';

/** Contacts of a thread that are considered when a manager answers. */
export const threadWindow = 50;

/** Whether a written contact is an answer of ours that has left. */
export function isAnswer({
  direction,
  automatic,
  state,
}: Pick<Interaction, 'direction' | 'automatic' | 'state'>): boolean {
  return direction === 'outbound' && automatic === null && hasLeft({ state });
}

/** The fastest plausible answer, in milliseconds; letters and some messengers have times in whole seconds. */
const quickestAnswer = 1000;

/**
 * When our first answer to a contact was written, if the contact is read only now, or null. A contact that had not arrived by then
 * crossed with the answer, unless the answer refers to it.
 */
function answerIn(thread: readonly Interaction[], { id, startedAt }: Interaction, arrivedAt?: number): number | null {
  const asked = Date.parse(startedAt);
  const earliest = Math.max(asked + quickestAnswer, arrivedAt ?? asked);
  const times = thread.filter(isAnswer).map((one) => [one.causedBy, Date.parse(one.startedAt)] as const);
  const later = times.flatMap(([cause, at]) => (cause === id || at >= earliest ? [at] : []));
  return later.length === 0 ? null : Math.min(...later);
}

/**
 * The contacts of a thread that an answer of ours, sent at `at`, has answered: before and after. Contacts written later keep waiting.
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

/** What a contact inherits from its conversation: the manager it was handed over to, and an answer that was read before it. */
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
