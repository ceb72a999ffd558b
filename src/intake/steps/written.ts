import { type InteractionId, newInteractionId } from '../../domain/base/ids.ts';
import type { Identifier, Interaction, Party } from '../../domain/interaction/interaction.ts';
import { addressesOf, participantsOf } from '../../domain/interaction/participants.ts';
import { isRemoved } from '../../domain/interaction/removed.ts';
import { hasLeft, isOutboundKey } from '../../domain/outbound/outbound.ts';
import type { FoundKey } from '../../domain/ports/contact-tables.ts';
import type { Change } from '../../domain/ports/writes.ts';
import { isAnswer } from '../../domain/written/answers.ts';
import { attachmentId } from '../../domain/written/attachment-id.ts';
import { blobsOf, partyOf, sameContact } from '../../domain/written/contact-identity.ts';
import { answersOf, awaitedBy, type EarlyAnswer, type Pair, withThreadOf } from '../../domain/written/early-answers.ts';
import { deletionKey } from '../../domain/written/early-reports.ts';
import { reduceWritten, threadOf } from '../../domain/written/reduce-written.ts';
import { addressShownAlive } from '../../domain/written/shown-alive.ts';
import { suggestionsOf } from '../../domain/written/suggestions.ts';
import type { WrittenAttachment, WrittenBody, WrittenContact } from '../../domain/written/written-contact.ts';
import { answer } from './answer.ts';
import { findFirst, firstInteractionId } from './keys.ts';
import { match } from './match.ts';
import { earlyAnswers, join, newSuggestions, parentOf, placed, underSubject } from './placing.ts';
import { withEarlyReports } from './reports.ts';
import { save } from './save.ts';
import type { Work } from './work.ts';

/** Stores a letter, message or form: finds or creates its interaction, its thread and its answers. */
export async function takeWritten(work: Work, contact: WrittenContact): Promise<readonly Change[]> {
  const { tables, now } = work;
  const keys = await tables.keys.find([contact.key, ...contact.aliases]);
  const keyed = await findFirst(tables, keys);
  if (keyed === null && isRemoved(firstInteractionId(keys), contact)) {
    // The contact was removed before. Its files were already stored, so release them.
    await tables.written.markUnreferenced(blobsOf(contact));
    return [];
  }
  const existing = sameContact(keyed, contact);
  const id = existing?.id ?? newInteractionId(now);
  const party = partyOf(contact, work.settings.country);
  const alive = addressShownAlive(contact, party);
  if (alive !== null) await tables.undeliverable.recordLetterFrom(alive, contact.at);
  const [parentKey, namedParent] = await parentOf(tables, contact, id);
  const early = await earlyAnswers(tables, contact);
  const bySubject = existing === null && namedParent === null && early.length === 0;
  const parent = bySubject ? await underSubject(tables, contact, party) : namedParent;
  const reduced = await reduce(work, contact, { existing, id, party, parent, early });
  await storeRelated(work, contact, keys, id);
  await tables.awaited.put(id, awaitedBy(contact, existing, parentKey), contact.arrivedAt ?? contact.at);
  const current = reduced ?? existing;
  const answers = current === null ? [] : answersOf(current, early);
  for (const one of early) await tables.awaited.drop(one.answer.id, one.rank);
  if (reduced === null) return join(tables, answers, now);
  return saveContact(work, contact, { existing, reduced, answers });
}

/** The new state of the interaction, or null if the contact adds nothing. */
async function reduce(
  work: Work,
  contact: WrittenContact,
  found: {
    readonly existing: Interaction | null;
    readonly id: InteractionId;
    readonly party: Party;
    readonly parent: Interaction | null;
    readonly early: readonly EarlyAnswer[];
  },
): Promise<Interaction | null> {
  const { tables, settings, staff, now } = work;
  const { existing, id, party, parent, early } = found;
  const matched = await match(work, party);
  const placing = withThreadOf(contact, parent, early);
  const isOurs = (identifier: Identifier) => staff.isOurs(identifier);
  const thread = existing?.thread ?? threadOf(placing, { parent });
  const suggestions = await newSuggestions(tables, suggestionsOf(contact, { party, isOurs }), matched.client, thread);
  const participants = participantsOf(contact, await tables.directory.of(addressesOf(contact)));
  const context = { ...settings, id, match: matched, parent, suggestions, participants, staff, now };
  return reduceWritten(existing, placing, context);
}

/** Stores what belongs to a contact outside its interaction. */
async function storeRelated(
  { tables }: Work,
  contact: WrittenContact,
  keys: readonly FoundKey[],
  id: InteractionId,
): Promise<void> {
  const { sharedNames = [], body, handle, connection } = contact;
  await tables.keys.put(keys, id);
  if (sharedNames.length > 0) await tables.keys.share(sharedNames, id);
  await tables.written.keepAttachments(filesOf(id, [...contact.attachments, ...shownFiles(body)]));
  await tables.written.keepParticipants(
    id,
    addressesOf(contact).map(({ value }) => value),
  );
  // The copy of a letter that we sent also has its signature and quotation.
  if (body != null && isSentCopy(contact)) await tables.written.replaceBody(id, body);
  else if (body != null) await tables.written.keepBody(id, body);
  if (handle !== null) await tables.written.keepHandle(id, { connection, handle });
}

async function saveContact(
  { tables, now }: Work,
  contact: WrittenContact,
  {
    existing,
    reduced,
    answers,
  }: { readonly existing: Interaction | null; readonly reduced: Interaction; readonly answers: readonly Pair[] },
): Promise<readonly Change[]> {
  const names = [contact.key, ...contact.aliases];
  const inbound = contact.direction === 'inbound';
  const next = existing === null || inbound ? await placed(tables, reduced, contact, answers) : reduced;
  // Delivery reports concern outbound messages only; only messages can be deleted.
  const reported = inbound ? [] : [...names, ...(contact.sharedNames ?? [])];
  const deletable = contact.channel === 'message' ? names.map(deletionKey) : [];
  const current = await withEarlyReports(tables, next, [...reported, ...deletable]);
  const saved = await save(tables, existing, current, { at: now, what: contact.channel });
  if (existing !== null && hasLeft(current)) await tables.outbound.settle(current.id);
  const joined = await join(tables, answers, now);
  const wasAnswer = existing !== null && isAnswer(existing);
  return [saved, ...joined, ...(wasAnswer ? [] : await answer(tables, current, Date.parse(current.startedAt), now))];
}

function isSentCopy({ channel, direction, aliases }: WrittenContact): boolean {
  return channel === 'email' && direction === 'outbound' && aliases.some(isOutboundKey);
}

/** The pictures that a body shows. They are stored like attachments, so that their content is kept, but not listed. */
function shownFiles(body: WrittenBody | null | undefined): readonly WrittenAttachment[] {
  return (body?.inline ?? []).map(({ blob, contentId, mime }) => ({ blob, name: contentId, mime, bytes: 0 }));
}

/** Attachments as rows of the store. */
export function filesOf(interaction: InteractionId, attachments: readonly WrittenAttachment[]) {
  return attachments.map((one) => {
    const { blob, name, mime } = one;
    return { id: attachmentId(interaction, one), interaction, blob, name, mime };
  });
}
