import type { Interaction } from '../interaction/interaction.ts';
import { hasLeft } from '../outbound/outbound.ts';
import { answeredAt } from './reduce-written.ts';
import type { WrittenContact } from './written-contact.ts';

/** Maximum contacts of a thread that are considered when a manager answers. */
export const threadWindow = 50;

/** Whether a written contact is an answer of ours that was sent. */
export function isAnswer({
  direction,
  automatic,
  state,
}: Pick<Interaction, 'direction' | 'automatic' | 'state'>): boolean {
  return direction === 'outbound' && automatic === null && hasLeft({ state });
}

/** The minimum time of a plausible answer in milliseconds. Letters and some messengers have times in whole seconds. */
const minAnswerTime = 1000;

/**
 * The time of our first answer to a contact that is read after the answer, or null. If the contact arrived after the answer was
 * written, they crossed and it is not answered, unless the answer refers to it.
 */
function answerIn(thread: readonly Interaction[], { id, startedAt }: Interaction, arrivedAt?: number): number | null {
  const asked = Date.parse(startedAt);
  const earliest = Math.max(asked + minAnswerTime, arrivedAt ?? asked);
  const times = thread.filter(isAnswer).map((one) => [one.causedBy, Date.parse(one.startedAt)] as const);
  const later = times.flatMap(([cause, at]) => (cause === id || at >= earliest ? [at] : []));
  return later.length === 0 ? null : Math.min(...later);
}

/** The contacts of a thread that our answer, sent at `at`, answers: before and after. Contacts written after it keep waiting. */
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

/** A contact with what it inherits from its conversation: the manager it was handed over to, and an answer that was read before it. */
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
