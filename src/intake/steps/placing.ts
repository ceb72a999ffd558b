import type { InteractionId } from '../../domain/base/ids.ts';
import type { ClientHead } from '../../domain/directory/client.ts';
import type { Interaction, Party, Suggestion } from '../../domain/interaction/interaction.ts';
import type { Tables } from '../../domain/ports/tables.ts';
import type { Change } from '../../domain/ports/writes.ts';
import { inConversation, threadWindow } from '../../domain/written/answers.ts';
import {
  type Answered,
  awaitedNames,
  comingAlong,
  type EarlyAnswer,
  type Pair,
  withPairs,
} from '../../domain/written/early-answers.ts';
import { answeredSpan, lastUnder, mostOfParticipant, subjectOf } from '../../domain/written/subject-thread.ts';
import { newTo, unsettled } from '../../domain/written/suggestions.ts';
import type { WrittenContact } from '../../domain/written/written-contact.ts';
import { answer } from './answer.ts';
import { interactionNamed } from './keys.ts';
import { save } from './save.ts';

/** The nearest of those that a letter names that is known. */
export async function parentOf(tables: Tables, contact: WrittenContact, id: InteractionId): Promise<Answered> {
  for (const key of contact.answers) {
    const parent = await interactionNamed(tables, [key]);
    if (parent !== null && parent.id !== id) return [key, parent];
  }
  return [null, null];
}

/** What a letter goes on with by its subject, where it says that it answers and nothing known is named. */
export async function underSubject(
  { interactions }: Tables,
  contact: WrittenContact,
  { email }: Party,
): Promise<Interaction | null> {
  const subject = subjectOf(contact);
  if (subject === null || email === null) return null;
  if (contact.thread !== null && (await interactions.ofThread(contact.thread, 1)).length > 0) return null;
  return lastUnder(subject, await interactions.ofEmail(email, ...answeredSpan(contact), mostOfParticipant));
}

/** The letters that were read before this contact, which they answer. */
export async function earlyAnswers(tables: Tables, contact: WrittenContact): Promise<readonly EarlyAnswer[]> {
  const names = awaitedNames(contact);
  const found: EarlyAnswer[] = [];
  for (const { interaction, ...place } of names.length === 0 ? [] : await tables.awaited.waiting(names)) {
    const early = await tables.interactions.get(interaction);
    if (early !== null) found.push({ answer: early, ...place });
  }
  return found;
}

/** What is found in a text and nobody has said anything to yet. */
export async function offered(
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

/** The interaction with what it inherits of its conversation, in which early answers have found their places. */
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

/** Answers that were read before what they answer find their place, with what came of them. */
export async function join(tables: Tables, answers: readonly Pair[], now: number): Promise<readonly Change[]> {
  const changes: Change[] = [];
  for (const pair of answers) {
    const [before, after] = pair;
    const thread = before.thread === null ? [] : await tables.interactions.ofThread(before.thread, threadWindow);
    for (const [was, is] of [pair, ...comingAlong(pair, thread, answers)])
      changes.push(await save(tables, was, is, { at: now, what: 'what it answers has come' }));
    changes.push(...(await answer(tables, after, Date.parse(after.startedAt), now)));
  }
  return changes;
}
