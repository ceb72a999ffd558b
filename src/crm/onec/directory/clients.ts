import type { ManagerId } from '../../../domain/base/ids.ts';
import type { ContactPerson, Deal } from '../../../domain/directory/client.ts';
import type { SourceClient } from '../../../domain/directory/directory-source.ts';
import { type Fields, fields, list, word } from '../../../runtime/http/fields.ts';
import { referenceOf } from '../api/literals.ts';
import type { Mapping } from '../metadata/mapping.ts';
import type { PageRow } from '../paging.ts';
import type { ClientSet } from '../presets/preset.ts';
import { identifiersOf } from './contact-information.ts';
import { linksOf } from './links.ts';
import { contactSection, type Reading } from './reading.ts';
import { referenceText, webLink } from './reference.ts';
import { type KeyRange, type RelatedRow, relatedOf } from './related.ts';

/** Values of the attributes that tell people from companies, in all configurations. */
const people: readonly unknown[] = ['ЧастноеЛицо', 'ФизЛицо', 'ФизическоеЛицо'];

/** The columns that are read of clients. */
export function clientSelect({ set, responsible, legalForm }: ClientSet, mapping: Mapping): readonly string[] {
  return [
    'Description',
    ...(responsible === null ? [] : [`${responsible}_Key`]),
    ...(legalForm !== null && mapping.has(set, legalForm) ? [legalForm] : []),
    contactSection,
  ];
}

/** Objects of a set as clients, with everything that belongs to them. Contact persons of somebody else are left out. */
export async function clientsOf(
  reading: Reading,
  clients: ClientSet,
  found: readonly PageRow[],
  range: KeyRange | null,
): Promise<readonly SourceClient[]> {
  const rows = await withoutLinked(reading, clients, found);
  if (rows.length === 0) return [];
  const keys = rows.map(({ key }) => key);
  const [related, managers] = await Promise.all([
    relatedOf(reading, clients, keys, range),
    reading.users.managersOf(
      rows.flatMap((row) => responsibleOf(clients, row) ?? []),
      reading.options.signal,
    ),
  ]);
  return rows.map((row) => clientOf(clients, row, related.get(row.key) ?? [], managers, reading.webUrl));
}

async function withoutLinked(
  reading: Reading,
  { unlinked }: ClientSet,
  rows: readonly PageRow[],
): Promise<readonly PageRow[]> {
  if (unlinked === undefined) return rows;
  const links = await linksOf(
    reading,
    unlinked,
    'person',
    rows.map(({ key }) => key),
  );
  const linked = new Set(links.map(({ person }) => person));
  return rows.filter(({ key }) => !linked.has(key));
}

function clientOf(
  clients: ClientSet,
  row: PageRow,
  related: readonly RelatedRow[],
  managers: ReadonlyMap<string, ManagerId>,
  webUrl: string,
): SourceClient {
  const { role, set, legalForm } = clients;
  const own = row.fields;
  const ofCompanies = related.filter((one) => one.related.role === 'counterparty');
  const isPerson = role === 'lead' || role === 'person' || (legalForm !== null && people.includes(own[legalForm]));
  return {
    id: referenceText({ role, key: row.key }),
    // An empty name is replaced by the id when it is stored.
    name: word(own.Description, 300) ?? '',
    kind: isPerson ? 'person' : 'company',
    responsible: managers.get(responsibleOf(clients, row) ?? '') ?? null,
    segment: null,
    url: webLink(webUrl, set, row.key),
    identifiers: [row, ...ofCompanies.map((one) => one.row)].flatMap((one) => identifiersOf(contactsOf(one.fields))),
    contacts: related.flatMap((one) => personOf(one) ?? []),
    deals: related.flatMap((one) => dealOf(one, webUrl) ?? []),
    fields: [],
  };
}

function responsibleOf({ responsible }: ClientSet, row: PageRow): string | null {
  return responsible === null ? null : referenceOf(row.fields[`${responsible}_Key`]);
}

function personOf({ related: { role }, row }: RelatedRow): ContactPerson | null {
  if (role !== 'person' && role !== 'leadPerson') return null;
  return {
    id: referenceText({ role, key: row.key }),
    name: word(row.fields.Description, 300) ?? '',
    identifiers: identifiersOf(contactsOf(row.fields)),
  };
}

function dealOf({ related, row }: RelatedRow, webUrl: string): Deal | null {
  const { role, set, name = 'Description', stage } = related;
  if (role !== 'deal') return null;
  const id = referenceText({ role, key: row.key });
  return {
    id,
    name: word(row.fields[name], 300) ?? id,
    stage: stage === undefined ? null : word(row.fields[`${stage}____Presentation`]),
    url: webLink(webUrl, set, row.key),
  };
}

function contactsOf(own: Fields): readonly Fields[] {
  return list(own[contactSection]).map(fields);
}
