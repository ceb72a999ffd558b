import { text } from '../../../runtime/http/fields.ts';
import { ownKey } from '../api/own-key.ts';
import type { Attempt } from './attempt.ts';
import { type Creation, create, settleCreation } from './create.ts';
import { differs, owedFields } from './differences.ts';
import type { PlannedDocument } from './planned.ts';
import { addedText, addStep, goneStep, markStep, type ToldDocument, toldBy, toldDocument, writeStep } from './told.ts';
import { markOf } from './words.ts';

/**
 * Makes sure that the base has a contact's document, and that it says what is planned. Resolves to its key, or null if
 * somebody there has deleted it. Rejects with a ServiceError.
 */
export async function keepDocument(planned: PlannedDocument, attempt: Attempt): Promise<string | null> {
  const told = toldDocument(await attempt.ledger.steps()) ?? (await addDocument(planned, attempt));
  if (told.isGone) return null;
  if (told.isMarked !== false) await markDocument(planned.set, told.key, false, attempt);
  return changeDocument(planned, told, attempt);
}

/** Takes a contact's document back, by its deletion mark. */
export async function removeDocument(set: string, told: ToldDocument, attempt: Attempt): Promise<void> {
  if (!told.isGone && told.isMarked !== true) await markDocument(set, told.key, true, attempt);
}

async function addDocument(planned: PlannedDocument, attempt: Attempt): Promise<ToldDocument> {
  const { contact, ledger, parts } = attempt;
  const { set, fields, markedIn } = planned;
  const key = ownKey(parts.context.name, set, contact.id);
  const creation: Creation = { set, key, fields, markedIn, mark: markOf(contact) };
  await ledger.once({
    name: addStep,
    call: async () => {
      const made = await create(creation, attempt);
      return addedText(made.key, made.isNew ? toldBy(fields) : null);
    },
    settle: ({ at }) => settleCreation(creation, at, attempt),
  });
  const told = toldDocument(await ledger.steps());
  if (told === null) throw new Error('expected the key of the document in the ledger');
  return told;
}

/** Writes what differs. What a user there has marked for deletion is left alone. */
async function changeDocument(
  { set, fields }: PlannedDocument,
  told: ToldDocument,
  { contact, ledger, parts, options }: Attempt,
): Promise<string | null> {
  const { key } = told;
  if (!differs(fields, told.fields)) return key;
  const present = await parts.base.read(set, key, [], options);
  if (present === null) {
    await ledger.once({ name: goneStep, call: async () => null, settle: async () => ({ done: false }) });
    return null;
  }
  if (present.DeletionMark === true) return key;
  const owed = owedFields(fields, told.fields, present);
  const wanted = toldBy(fields);
  await ledger.once({
    name: writeStep('write', contact.revision, wanted),
    call: async () => {
      const version = text(present.DataVersion);
      if (Object.keys(owed).length > 0)
        await parts.base.update(set, key, owed, { ...options, ...(version !== null && { version }) });
      return JSON.stringify(wanted);
    },
    settle: async () => ({ done: false }),
  });
  return key;
}

async function markDocument(
  set: string,
  key: string,
  isOn: boolean,
  { contact, ledger, parts, options }: Attempt,
): Promise<void> {
  await ledger.once({
    name: markStep(contact.revision, isOn),
    call: async () => {
      await parts.base.update(set, key, { DeletionMark: isOn }, options);
      return null;
    },
    settle: async () => ({ done: false }),
  });
}
