import { type Fields, text } from '../../../runtime/http/fields.ts';
import { settleByLooking } from '../../shared/settle.ts';
import { service } from '../api/errors.ts';
import { ownKey } from '../api/own-key.ts';
import type { Attempt } from './attempt.ts';
import { type Creation, create, find, settleCreation } from './create.ts';
import { differs, owedFields } from './differences.ts';
import type { DocumentKind, PlannedDocument } from './planned.ts';
import { addedText, addStep, goneStep, markStep, type ToldDocument, toldBy, toldDocument, writeStep } from './told.ts';

/**
 * Makes sure that the base has a contact's document, and that it says what is planned. Resolves to its key, or null if
 * somebody there has deleted it. Rejects with a ServiceError.
 */
export async function keepDocument(
  kind: DocumentKind,
  { fields }: PlannedDocument,
  attempt: Attempt,
): Promise<string | null> {
  const told = toldDocument(await attempt.ledger.steps()) ?? (await addDocument(kind, fields, attempt));
  if (told.isGone) return null;
  if (told.isMarked !== false) await markDocument(kind.set, told.key, false, attempt);
  return changeDocument(kind.set, fields, told, attempt);
}

/** Takes a contact's document back, by its deletion mark. One that may have been added is looked for first. */
export async function removeDocument(kind: DocumentKind, attempt: Attempt): Promise<void> {
  const { ledger, parts } = attempt;
  const steps = await ledger.steps();
  const told = toldDocument(steps);
  if (told !== null) {
    if (!told.isGone && told.isMarked !== true) await markDocument(kind.set, told.key, true, attempt);
    return;
  }
  const begun = steps.find(({ step }) => step === addStep(kind.set));
  if (begun === undefined) return;
  const settled = await settleByLooking(service, begun, parts.context.clock.now(), () =>
    find(creationOf(kind, {}, attempt), attempt),
  );
  if (settled.done && settled.remote !== null) await markDocument(kind.set, settled.remote, true, attempt);
}

async function addDocument(kind: DocumentKind, fields: Fields, attempt: Attempt): Promise<ToldDocument> {
  const { ledger } = attempt;
  const creation = creationOf(kind, fields, attempt);
  await ledger.once({
    name: addStep(kind.set),
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

function creationOf(
  { set, markedIn }: DocumentKind,
  fields: Fields,
  { contact: { id, startedAt }, parts }: Attempt,
): Creation {
  return { set, key: ownKey(parts.context.name, set, id), fields, markedIn, mark: id, around: startedAt };
}

/** Writes what differs. What a user there has marked for deletion is left alone. */
async function changeDocument(
  set: string,
  fields: Fields,
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
