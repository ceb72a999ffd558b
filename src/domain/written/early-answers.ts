import type { EventKey, InteractionId } from '../base/ids.ts';
import { timeText } from '../base/time-text.ts';
import type { Interaction } from '../interaction/interaction.ts';
import { writtenAt } from './reduce-written.ts';
import type { WrittenContact } from './written-contact.ts';

/*
 * Mailboxes are read in no particular order, so an answer may be read before the letter it answers. References of the answer to
 * unknown letters are stored as awaited. When such a letter arrives, it becomes the cause of the answer.
 */

/** Maximum awaited references of one letter; the nearest ones are kept. */
const maxAwaited = 10;

/** An answer that waits for the letter it refers to. */
export interface WaitingAnswer {
  readonly interaction: InteractionId;
  /** The index of the arrived letter among the references of the answer, nearest first. */
  readonly rank: number;
  /** When our server received it, milliseconds since the epoch. */
  readonly arrivedAt: number;
}

/** An answer that was read before the letter it refers to. */
export interface EarlyAnswer extends Omit<WaitingAnswer, 'interaction'> {
  readonly answer: Interaction;
}

/** An interaction before and after a change. */
export type Pair = readonly [before: Interaction, after: Interaction];

/** The interaction that a letter answers, and the reference by which it was found. */
export type Answered = readonly [name: EventKey, interaction: Interaction] | readonly [null, null];

/** The references a letter waits for: those nearer than `known`, its first reference to a known interaction. */
export function awaitedBy(
  { channel, answers }: Pick<WrittenContact, 'channel' | 'answers'>,
  existing: Interaction | null,
  known: EventKey | null,
): readonly EventKey[] {
  if (channel !== 'email' || (existing !== null && existing.causedBy !== null)) return [];
  const nearer = known === null ? answers : answers.slice(0, answers.indexOf(known));
  return nearer.slice(0, maxAwaited);
}

/** The keys by which other letters may await this one. Only letters are awaited. */
export function awaitedNames(contact: WrittenContact): readonly EventKey[] {
  if (contact.channel !== 'email') return [];
  return [contact.key, ...contact.aliases, ...(contact.sharedNames ?? [])];
}

/** Puts a contact without a known parent into the conversation of its early answers. */
export function withThreadOf(
  contact: WrittenContact,
  parent: Interaction | null,
  [first]: readonly EarlyAnswer[],
): WrittenContact {
  const thread = parent === null ? first?.answer.thread : null;
  return thread == null ? contact : { ...contact, thread };
}

/** The early answers of `cause`, which has just arrived. They get its thread, and a start time after it. */
export function answersOf(cause: Interaction, early: readonly EarlyAnswer[]): readonly Pair[] {
  return early
    .filter(({ answer }) => answer.id !== cause.id && answer.id !== cause.causedBy)
    .map(({ answer, arrivedAt }) => {
      const at = timeText(writtenAt({ at: Date.parse(answer.startedAt), arrivedAt }, cause));
      // If the answer was itself answered, its start time is kept, because its waiting time was calculated from it.
      const moved = answer.answeredAt === null ? { startedAt: at, endedAt: at } : {};
      const { thread, revision } = answer;
      return [
        answer,
        { ...answer, ...moved, causedBy: cause.id, thread: cause.thread ?? thread, revision: revision + 1 },
      ];
    });
}

/** The contacts that follow an answer into its new conversation: those it caused, directly or indirectly, that are not early answers themselves. */
export function followersOf(
  [before, after]: Pair,
  thread: readonly Interaction[],
  answers: readonly Pair[],
): readonly Pair[] {
  if (before.thread === after.thread) return [];
  const placed = new Set(answers.map(([{ id }]) => id));
  const moved = new Set<string>([before.id]);
  return [...thread].reverse().flatMap((one) => {
    if (one.causedBy === null || !moved.has(one.causedBy) || placed.has(one.id)) return [];
    moved.add(one.id);
    return [[one, { ...one, thread: after.thread, revision: one.revision + 1 }] as const];
  });
}

/** A conversation with these answers, in no particular order. */
export function withPairs(thread: readonly Interaction[], pairs: readonly Pair[]): readonly Interaction[] {
  const placed = new Set(pairs.map(([{ id }]) => id));
  return [...pairs.map(([, after]) => after), ...thread.filter(({ id }) => !placed.has(id))];
}
