import type { EventKey, InteractionId } from '../base/ids.ts';
import { timeText } from '../call/call-facts.ts';
import type { Interaction } from '../interaction/interaction.ts';
import { writtenAt } from './reduce-written.ts';
import type { WrittenContact } from './written-contact.ts';

/*
 * Mailboxes are read in no order: an answer in one may be read before what it answers in another. What it names and nobody knows yet
 * is written down as awaited, and when that comes it is the cause of the answer.
 */

/** How many of those that a letter names may be awaited, the nearest ones. */
const maxAwaited = 10;

/** A letter that waits for what it answers. */
export interface WaitingAnswer {
  readonly interaction: InteractionId;
  /** The place of what has come now among those that it names, nearest first, from 0. */
  readonly rank: number;
  /** When our server got it, milliseconds since the epoch. */
  readonly arrivedAt: number;
}

/** A letter that was read before what it answers. */
export interface EarlyAnswer extends Omit<WaitingAnswer, 'interaction'> {
  readonly answer: Interaction;
}

/** An interaction before and after. */
export type Pair = readonly [before: Interaction, after: Interaction];

/** What a letter is known to answer, and by which name of those that it names. */
export type Answered = readonly [name: EventKey, interaction: Interaction] | readonly [null, null];

/** What a letter waits for: what it names and is nearer than `known`, the first of these that names an interaction. */
export function awaitedBy(
  { channel, answers }: Pick<WrittenContact, 'channel' | 'answers'>,
  existing: Interaction | null,
  known: EventKey | null,
): readonly EventKey[] {
  if (channel !== 'email' || (existing !== null && existing.causedBy !== null)) return [];
  const nearer = known === null ? answers : answers.slice(0, answers.indexOf(known));
  return nearer.slice(0, maxAwaited);
}

/** By what names a letter may be awaited; other contacts are not. */
export function awaitedNames(contact: WrittenContact): readonly EventKey[] {
  if (contact.channel !== 'email') return [];
  return [contact.key, ...contact.aliases, ...(contact.sharedNames ?? [])];
}

/** What has come takes up the conversation of its early answers where it goes on with none that is known. */
export function withThreadOf(
  contact: WrittenContact,
  parent: Interaction | null,
  [first]: readonly EarlyAnswer[],
): WrittenContact {
  const thread = parent === null ? first?.answer.thread : null;
  return thread == null ? contact : { ...contact, thread };
}

/** The early answers of `cause`, which has come now: caused by it, in its conversation, and not before it in time. */
export function answersOf(cause: Interaction, early: readonly EarlyAnswer[]): readonly Pair[] {
  return early
    .filter(({ answer }) => answer.id !== cause.id && answer.id !== cause.causedBy)
    .map(({ answer, arrivedAt }) => {
      const at = timeText(writtenAt({ at: Date.parse(answer.startedAt), arrivedAt }, cause));
      // One that has been answered itself stays where its waiting was counted from.
      const moved = answer.answeredAt === null ? { startedAt: at, endedAt: at } : {};
      const { thread, revision } = answer;
      return [
        answer,
        { ...answer, ...moved, causedBy: cause.id, thread: cause.thread ?? thread, revision: revision + 1 },
      ];
    });
}

/** What goes along when one of these answers changes its conversation: whatever in that came of it and is none of them itself. */
export function comingAlong(
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

/** A conversation once these answers have found their places in it, in no order. */
export function withPairs(thread: readonly Interaction[], pairs: readonly Pair[]): readonly Interaction[] {
  const placed = new Set(pairs.map(([{ id }]) => id));
  return [...pairs.map(([, after]) => after), ...thread.filter(({ id }) => !placed.has(id))];
}
