import type { InteractionId } from '../../domain/base/ids.ts';
import type { ClientHead } from '../../domain/directory/client.ts';
import type { Interaction, Party, Suggestion } from '../../domain/interaction/interaction.ts';
import type { Tables } from '../../domain/ports/tables.ts';
import type { Change } from '../../domain/ports/writes.ts';
import { inConversation, threadWindow } from '../../domain/written/answers.ts';
import {
  type Answered,
  awaitedNames,
  type EarlyAnswer,
  followersOf,
  type Pair,
  withPairs,
} from '../../domain/written/early-answers.ts';
import { answeredSpan, lastUnder, maxParticipantLetters, subjectOf } from '../../domain/written/subject-thread.ts';
import { newTo, unsettled } from '../../domain/written/suggestions.ts';
import type { WrittenContact } from '../../domain/written/written-contact.ts';
import { answer } from './answer.ts';
import { findByKeys } from './keys.ts';
import { save } from './save.ts';

/** The nearest known message among those that a letter refers to. */
export async function parentOf(tables: Tables, contact: WrittenContact, id: InteractionId): Promise<Answered> {
  for (const key of contact.answers) {
    const parent = await findByKeys(tables, [key]);
    if (parent !== null && parent.id !== id) return [key, parent];
  }
  return [null, null];
}

/** The letter that this one continues by its subject, if it is a reply but refers to no known message. */
export async function underSubject(
  { interactions }: Tables,
  contact: WrittenContact,
  { email }: Party,
): Promise<Interaction | null> {
  const subject = subjectOf(contact);
  if (subject === null || email === null) return null;
  if (contact.thread !== null && (await interactions.ofThread(contact.thread, 1)).length > 0) return null;
  return lastUnder(subject, await interactions.ofEmail(email, ...answeredSpan(contact), maxParticipantLetters));
}

/** Letters that answer this contact but were read before it. */
export async function earlyAnswers(tables: Tables, contact: WrittenContact): Promise<readonly EarlyAnswer[]> {
  const names = awaitedNames(contact);
  const found: EarlyAnswer[] = [];
  for (const { interaction, ...place } of names.length === 0 ? [] : await tables.awaited.waiting(names)) {
    const early = await tables.interactions.get(interaction);
    if (early !== null) found.push({ answer: early, ...place });
  }
  return found;
}

/** The identifiers found in a text that nobody has accepted or declined yet. */
export async function newSuggestions(
  tables: Tables,
  found: readonly Suggestion[],
  client: ClientHead | null,
  thread: string | null,
): Promise<readonly Suggestion[]> {
  if (found.length === 0) return found;
  const conversation = thread === null ? [] : await tables.interactions.ofThread(thread, threadWindow);
  const directory = await tables.directory.of(client === null ? [] : found);
  return unsettled(newTo(client, found, directory), conversation);
}

/** Adds what an interaction inherits from its conversation, including early answers that are placed now. */
export async function placed(
  { interactions }: Tables,
  interaction: Interaction,
  contact: WrittenContact,
  early: readonly Pair[],
): Promise<Interaction> {
  if (interaction.thread === null) return interaction;
  const thread = await interactions.ofThread(interaction.thread, threadWindow);
  return inConversation(interaction, withPairs(thread, early), contact);
}

/** Places answers that were read before the message they answer, and marks what they answer as answered. */
export async function join(tables: Tables, answers: readonly Pair[], now: number): Promise<readonly Change[]> {
  const changes: Change[] = [];
  for (const pair of answers) {
    const [before, after] = pair;
    const thread = before.thread === null ? [] : await tables.interactions.ofThread(before.thread, threadWindow);
    for (const [was, is] of [pair, ...followersOf(pair, thread, answers)])
      changes.push(await save(tables, was, is, { at: now, what: 'what it answers has come' }));
    changes.push(...(await answer(tables, after, Date.parse(after.startedAt), now)));
  }
  return changes;
}
