import type { Fields } from '../../../runtime/http/fields.ts';
import { unreadable } from '../api/client.ts';
import { anyOf, guid, referenceOf } from '../api/literals.ts';
import type { LinkRegister } from '../presets/preset.ts';
import { type Reading, roomFor } from './reading.ts';

/** A client and a contact person that belong together. */
export interface Link {
  readonly client: string;
  readonly person: string;
}

/** Records that are read at once: a register has no order to read pages by. */
const maxRecords = 10_000;

/** The links of some clients or contact persons that hold now. */
export async function linksOf(
  reading: Reading,
  register: LinkRegister,
  side: 'client' | 'person',
  keys: Iterable<string>,
): Promise<readonly Link[]> {
  const attribute = `${register[side]}_Key`;
  const select = ['Period', `${register.client}_Key`, `${register.person}_Key`, register.invalid];
  const conditions = [...new Set(keys)].map((key) => `${attribute} eq ${guid(key)}`);
  const records = await Promise.all(
    anyOf(conditions, roomFor(select, '')).map(async (filter) => {
      const found = await reading.base.list(register.set, { select, filter, top: maxRecords }, reading.options);
      if (found.length >= maxRecords) throw unreadable();
      return found;
    }),
  );
  return currentLinks(records.flat(), register);
}

/** The latest record of each pair counts. Dates of 1C sort as texts. */
function currentLinks(records: readonly Fields[], { client, person, invalid }: LinkRegister): readonly Link[] {
  const latest = new Map<string, { readonly link: Link; readonly at: string; readonly holds: boolean }>();
  for (const record of records) {
    const [clientKey, personKey] = [referenceOf(record[`${client}_Key`]), referenceOf(record[`${person}_Key`])];
    if (clientKey === null || personKey === null) continue;
    const pair = `${clientKey} ${personKey}`;
    const at = typeof record.Period === 'string' ? record.Period : '';
    if ((latest.get(pair)?.at ?? '') > at) continue;
    latest.set(pair, { link: { client: clientKey, person: personKey }, at, holds: record[invalid] !== true });
  }
  return [...latest.values()].flatMap(({ link, holds }) => (holds ? [link] : []));
}
