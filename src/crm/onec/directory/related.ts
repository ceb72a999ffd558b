import { anyOf, guid, pointsTo, referenceOf } from '../api/literals.ts';
import { type PageRow, readPages } from '../paging.ts';
import type { ClientSet, RelatedSet } from '../presets/preset.ts';
import { linksOf } from './links.ts';
import { byKeys, contactSection, type Reading, relatedFilter, relatedSets, roomFor, visibility } from './reading.ts';

/** Related objects by the reference of their client. */
export type ByClient = ReadonlyMap<string, readonly RelatedRow[]>;

/** An object that belongs to a client. */
export interface RelatedRow {
  readonly related: RelatedSet;
  readonly row: PageRow;
}

/** Clients that stand next to each other in the order of references: after one, up to another. */
export interface KeyRange {
  readonly after: string;
  readonly last: string;
}

/** Related objects that are read at once. */
const page = 500;

/** Reads what belongs to some clients of a set. With a range, one request reads what belongs to all of them. */
export async function relatedOf(
  reading: Reading,
  clients: ClientSet,
  keys: readonly string[],
  range: KeyRange | null,
): Promise<ByClient> {
  const found = await Promise.all([
    ...relatedSets(clients, reading.mapping).map((related) => ownedBy(reading, clients, related, keys, range)),
    linkedTo(reading, clients, keys),
  ]);
  const byClient = new Map<string, RelatedRow[]>(keys.map((key) => [key, []]));
  for (const { owner, ...one } of found.flat()) byClient.get(owner)?.push(one);
  return byClient;
}

interface OwnedRow extends RelatedRow {
  readonly owner: string;
}

/** The columns that are read of a related set. */
export function relatedSelect({ role, owner, composite, name = 'Description', stage }: RelatedSet): readonly string[] {
  const ownerColumns = composite === true ? [owner, `${owner}_Type`] : [`${owner}_Key`];
  const own = role === 'deal' ? (stage === undefined ? [] : [`${stage}____Presentation`]) : [contactSection];
  return [...ownerColumns, name, ...own];
}

/** The client that a related object names, or null. */
export function ownerOf({ owner, composite }: RelatedSet, { fields }: PageRow): string | null {
  return referenceOf(fields[composite === true ? owner : `${owner}_Key`]);
}

async function ownedBy(
  reading: Reading,
  { set }: ClientSet,
  related: RelatedSet,
  keys: readonly string[],
  range: KeyRange | null,
): Promise<readonly OwnedRow[]> {
  const { base, order, options } = reading;
  const select = relatedSelect(related);
  const usual = relatedFilter(related);
  const attribute = `${related.owner}_Key`;
  const filters =
    range !== null && related.composite !== true
      ? [`${attribute} gt ${guid(range.after)} and ${attribute} le ${guid(range.last)}`]
      : anyOf(
          keys.map((key) =>
            related.composite === true ? pointsTo(related.owner, set, key) : `${attribute} eq ${guid(key)}`,
          ),
          roomFor(select, usual),
        ).map((any) => `(${any})`);
  const rows = await Promise.all(
    filters.map(async (filter) => {
      const query = { select, filter: `${filter} and ${usual}`, top: page, ...visibility(reading) };
      const found: PageRow[] = [];
      for await (const rows of readPages(base, related.set, query, order, options)) found.push(...rows);
      return found;
    }),
  );
  return rows.flat().flatMap((row) => {
    const owner = ownerOf(related, row);
    return owner === null ? [] : [{ owner, related, row }];
  });
}

/** Contact persons that a register ties to clients. */
async function linkedTo(
  reading: Reading,
  { links: register }: ClientSet,
  keys: readonly string[],
): Promise<readonly OwnedRow[]> {
  if (register === undefined) return [];
  const links = await linksOf(reading, register, 'client', keys);
  const related: RelatedSet = { role: 'person', set: register.persons, owner: register.client };
  const persons = await byKeys(
    reading,
    register.persons,
    links.map(({ person }) => person),
    ['Description', contactSection],
    relatedFilter(related),
  );
  return links.flatMap(({ client, person }) => {
    const row = persons.get(person);
    return row === undefined ? [] : [{ owner: client, related, row }];
  });
}
