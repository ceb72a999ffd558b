import type { ManagerId } from '../../../domain/base/ids.ts';
import type { DirectoryDifference, SourceClient } from '../../../domain/directory/directory-source.ts';
import type { KnownClients } from '../../contract.ts';
import type { CallOptions } from '../api/portal.ts';
import { type CardKind, cardOf, cardText } from '../cards/card.ts';
import type { Users } from '../users/users.ts';
import { type ClientBuilder, clientOf, dealFields, isOwnLead, responsibleOf, selectOf } from './clients.ts';
import { type Lists, pageSize, parts } from './lists.ts';
import { cardNumber, type Row } from './rows.ts';
import type { DirectorySettings } from './settings.ts';
import type { StatusNames } from './status-names.ts';

/** The most contact persons of a company; the store keeps no more. */
const maxPersons = 200;

/** Kinds of cards that are clients. */
export type ClientCard = Exclude<CardKind, 'deal'>;

/** Cards whose clients have to be stored anew. */
export class Affected {
  readonly contact = new Set<number>();
  readonly company = new Set<number>();
  readonly lead = new Set<number>();

  get isEmpty(): boolean {
    return this.contact.size + this.company.size + this.lead.size === 0;
  }

  /** Adds clients by their ids in this source. */
  addClients(ids: readonly string[]): void {
    for (const text of ids) {
      const card = cardOf(text);
      if (card !== null && card.kind !== 'deal') this[card.kind].add(card.id);
    }
  }
}

/** What is needed to describe clients. */
export interface Describing {
  readonly lists: Lists;
  readonly options: CallOptions;
  readonly settings: DirectorySettings;
  readonly names: StatusNames;
  readonly users: Users;
  /** The portal's address without a slash at the end. */
  readonly root: string;
}

/** Contacts without a company, as clients. */
export async function contactClients(rows: readonly Row[], about: Describing): Promise<readonly SourceClient[]> {
  const builder = await builderFor(rows, about);
  const byContact = await dealsOf('CONTACT_ID', rows, about.lists);
  return rows.map((row) => clientOf('contact', row, { deals: byContact.get(row.id) ?? [] }, builder));
}

/** Leads as clients. */
export async function leadClients(rows: readonly Row[], about: Describing): Promise<readonly SourceClient[]> {
  const builder = await builderFor(rows, about);
  return rows.map((row) => clientOf('lead', row, {}, builder));
}

/** Companies with their contact persons, as clients. */
export async function companyClients(rows: readonly Row[], about: Describing): Promise<readonly SourceClient[]> {
  const { lists, settings } = about;
  const builder = await builderFor(rows, about);
  const bound = await lists.bound(
    'company',
    rows.map(({ id }) => id),
  );
  const persons = new Map(rows.map(({ id }) => [id, (bound.get(id) ?? []).slice(0, maxPersons)]));
  const contacts = await lists.byIds('contact', [...persons.values()].flat(), selectOf('contact', settings));
  const byCompany = await dealsOf('COMPANY_ID', rows, lists);
  const byPerson = await dealsOf('CONTACT_ID', [...contacts.values()], lists);
  return rows.map((row) => {
    const own = persons.get(row.id) ?? [];
    // A deal of a contact person alone is shown at the company, since the person is part of it.
    const ofPersons = own.flatMap((id) => byPerson.get(id) ?? []).filter(isWithoutCompany);
    const deals = [...(byCompany.get(row.id) ?? []), ...ofPersons];
    return clientOf('company', row, { deals, persons: own.flatMap((id) => contacts.get(id) ?? []) }, builder);
  });
}

/** Whether a company is a client, and not one of the portal's own. */
export function isClientCompany({ fields: company }: Row): boolean {
  return company.IS_MY_COMPANY !== 'Y';
}

/**
 * The present state of all clients that some cards belong to. A contact belongs to its companies, those that it has
 * left as well; without a company it is a client itself.
 */
export async function currentClients(
  affected: Affected,
  known: KnownClients,
  about: Describing,
): Promise<DirectoryDifference> {
  const { lists, settings } = about;
  const removed: string[] = [];
  const remove = (kind: ClientCard, ids: readonly number[]) => removed.push(...ids.map((id) => cardText({ kind, id })));

  const companies = new Set(affected.company);
  const contacts = await lists.byIds('contact', affected.contact, selectOf('contact', settings));
  remove('contact', await lists.gone('contact', missing(affected.contact, contacts)));
  addCompanies(companies, await known.clientsWith({ contacts: texts('contact', affected.contact), deals: [] }));
  await addBound(companies, contacts.values(), lists);

  const found = await lists.byIds('company', companies, selectOf('company', settings));
  const goneCompanies = await lists.gone('company', missing(companies, found));
  remove('company', goneCompanies);
  remove('company', idsOf([...found.values()].filter((row) => !isClientCompany(row))));

  // The contact persons of a company that is gone may be clients themselves now.
  const left = (await known.contactsOf(texts('company', goneCompanies))).flatMap((text) => cardOf(text)?.id ?? []);
  const others = left.filter((id) => !affected.contact.has(id));
  for (const [id, row] of await lists.byIds('contact', others, selectOf('contact', settings))) contacts.set(id, row);

  const [alone, employed] = split([...contacts.values()], isWithoutCompany);
  remove('contact', idsOf(employed));
  const leads = settings.leads ? await lists.byIds('lead', affected.lead, selectOf('lead', settings)) : new Map();
  remove('lead', await lists.gone('lead', missing(affected.lead, leads)));
  const [open, closed] = split([...leads.values()], isOwnLead);
  remove('lead', idsOf(closed));

  const clients = [
    ...(await companyClients([...found.values()].filter(isClientCompany), about)),
    ...(await contactClients(alone, about)),
    ...(await leadClients(open, about)),
  ];
  return { clients, removed };
}

/** Adds the companies of contacts. */
async function addBound(companies: Set<number>, contacts: Iterable<Row>, lists: Lists): Promise<void> {
  const employed = [...contacts].filter((row) => !isWithoutCompany(row));
  const bound = await lists.bound('contact', idsOf(employed));
  for (const row of employed) {
    for (const id of [cardNumber(row.fields.COMPANY_ID), ...(bound.get(row.id) ?? [])]) {
      if (id !== null) companies.add(id);
    }
  }
}

function addCompanies(companies: Set<number>, clients: readonly string[]): void {
  for (const text of clients) {
    const card = cardOf(text);
    if (card?.kind === 'company') companies.add(card.id);
  }
}

async function builderFor(rows: readonly Row[], about: Describing): Promise<ClientBuilder> {
  const { names, users, options, settings, root } = about;
  await names.refresh(options);
  const managers = new Map<number, ManagerId | null>();
  for (const row of rows) {
    const user = responsibleOf(row);
    if (user !== null && !managers.has(user)) managers.set(user, await users.managerOf(user, options.signal));
  }
  return { settings, names, root, managers };
}

/** The open deals of some cards. */
async function dealsOf(
  field: 'COMPANY_ID' | 'CONTACT_ID',
  rows: readonly Row[],
  lists: Lists,
): Promise<ReadonlyMap<number, readonly Row[]>> {
  const queries = parts(idsOf(rows), pageSize).map(
    (ids) => ({ kind: 'deal', filter: { [`@${field}`]: ids, CLOSED: 'N' }, select: dealFields }) as const,
  );
  const groups = new Map<number, Row[]>();
  for (const deal of (await lists.whole(queries)).flat()) {
    const id = cardNumber(deal.fields[field]);
    if (id === null) continue;
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [deal]);
    else group.push(deal);
  }
  return groups;
}

/** Whether a contact or deal belongs to no company. */
export function isWithoutCompany({ fields: own }: Row): boolean {
  return cardNumber(own.COMPANY_ID) === null;
}

function split(rows: readonly Row[], isFirst: (row: Row) => boolean): readonly [readonly Row[], readonly Row[]] {
  return [rows.filter(isFirst), rows.filter((row) => !isFirst(row))];
}

function idsOf(rows: readonly Row[]): readonly number[] {
  return rows.map(({ id }) => id);
}

function missing(wanted: Iterable<number>, found: ReadonlyMap<number, Row>): readonly number[] {
  return [...wanted].filter((id) => !found.has(id));
}

function texts(kind: CardKind, ids: Iterable<number>): readonly string[] {
  return [...ids].map((id) => cardText({ kind, id }));
}
