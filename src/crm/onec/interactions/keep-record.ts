import type { Attempt } from './attempt.ts';
import { differs, owedFields } from './differences.ts';
import type { PlannedRecord } from './planned.ts';
import { lastTold, toldBy, writeStep } from './told.ts';

/** Makes sure that a register has a record of a document, which says what is planned. A record has a key by nature. */
export async function keepRecord(planned: PlannedRecord, { contact, ledger, parts, options }: Attempt): Promise<void> {
  const { name, set, key, dimensions, fields } = planned;
  const told = lastTold(await ledger.steps(), name) ?? null;
  if (!differs(fields, told)) return;
  const wanted = toldBy(fields);
  await ledger.once({
    name: writeStep(name, contact.revision, wanted),
    call: async () => {
      const present = await parts.base.read(set, key, [], options);
      if (present === null) await parts.base.create(set, { ...dimensions, ...fields }, options);
      else {
        const owed = owedFields(fields, told, present);
        if (Object.keys(owed).length > 0) await parts.base.update(set, key, owed, options);
      }
      return JSON.stringify(wanted);
    },
    settle: async () => ({ done: false }),
  });
}
