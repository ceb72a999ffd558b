import type { DirectoryDifference, KnownClient } from '../../../domain/directory/directory-source.ts';
import { text } from '../../../runtime/http/fields.ts';
import type { KnownClients } from '../../contract.ts';
import { cardOf } from '../cards/card.ts';
import { isOwnLead } from './clients.ts';
import { Affected, currentClients, type Describing, isWithoutCompany } from './current.ts';
import type { Row } from './rows.ts';

/**
 * Compares known clients with the portal. What a list does not have is asked for by its id before it counts as deleted,
 * since a spoiled answer and a lost right look the same.
 */
export async function checkKnown(
  clients: readonly KnownClient[],
  known: KnownClients,
  about: Describing,
): Promise<DirectoryDifference> {
  const { lists, settings } = about;
  const own = new Affected();
  own.addClients(clients.map(({ id }) => id));
  const persons = new Affected();
  persons.addClients(clients.flatMap(({ contacts }) => contacts));

  const contacts = await lists.byIds('contact', [...own.contact, ...persons.contact], ['ID', 'COMPANY_ID']);
  const companies = await lists.byIds('company', own.company, ['ID']);
  const deals = dealsOf(clients);
  const open = await lists.byIds('deal', deals.keys(), ['ID', 'CLOSED']);
  const leads = settings.leads
    ? await lists.byIds('lead', own.lead, ['ID', 'STATUS_SEMANTIC_ID', 'CONTACT_ID', 'COMPANY_ID'])
    : new Map<number, Row>();

  const differing = new Affected();
  for (const id of own.contact) {
    const row = contacts.get(id);
    if (row === undefined || !isWithoutCompany(row)) differing.contact.add(id);
  }
  for (const id of persons.contact) {
    const row = contacts.get(id);
    if (row === undefined || isWithoutCompany(row)) differing.contact.add(id);
  }
  for (const id of own.company) if (!companies.has(id)) differing.company.add(id);
  for (const id of own.lead) {
    const lead = leads.get(id);
    if (lead === undefined || !isOwnLead(lead)) differing.lead.add(id);
  }
  for (const [id, owners] of deals) if (text(open.get(id)?.fields.CLOSED) !== 'N') differing.addClients(owners);
  if (differing.isEmpty) return { clients: [], removed: [] };
  const difference = await currentClients(differing, known, about);
  // With leads switched off, those that are known go.
  const unwanted = settings.leads ? [] : clients.map(({ id }) => id).filter((id) => cardOf(id)?.kind === 'lead');
  return { ...difference, removed: [...difference.removed, ...unwanted] };
}

/** The clients of each deal, by its number. */
function dealsOf(clients: readonly KnownClient[]): ReadonlyMap<number, readonly string[]> {
  const owners = new Map<number, string[]>();
  for (const { id, deals } of clients) {
    for (const deal of deals.flatMap((text) => cardOf(text)?.id ?? []))
      owners.set(deal, [...(owners.get(deal) ?? []), id]);
  }
  return owners;
}
