import type { Client } from '../../domain/directory/client.ts';
import type { SourceClient } from '../../domain/directory/directory-source.ts';
import { cleanText, normaliseIdentifier } from '../../domain/directory/identifiers.ts';
import type { Identifier } from '../../domain/interaction/interaction.ts';
import { parseClientBody } from '../client-body.ts';

const maxIdentifiers = 100;
const maxContacts = 200;
const maxDeals = 200;
const maxFields = 100;
const maxNameLength = 300;

/**
 * Converts a client of a source to the form we store, with the id `source:id`. Returns null if that is impossible.
 * People type anything into the fields of a CRM, so invalid telephones and addresses are dropped here, while `PUT
 * /clients` rejects them.
 */
export function storableClient(source: string, given: SourceClient, country: string): Client | null {
  const known = (identifiers: readonly Identifier[]) =>
    identifiers
      .filter((one) => normaliseIdentifier(one, country) !== null)
      .slice(0, maxIdentifiers)
      .map(({ kind, value }) => ({ kind, value }));
  const nameOr = (name: string, otherwise: string) => cleanText(name, maxNameLength) || otherwise;
  const name = nameOr(given.name, given.id);
  const body = {
    ...{ name, kind: given.kind, responsible: given.responsible, segment: given.segment, url: webAddress(given.url) },
    identifiers: known(given.identifiers),
    contacts: given.contacts.slice(0, maxContacts).map((contact) => ({
      id: contact.id,
      name: nameOr(contact.name, name),
      identifiers: known(contact.identifiers),
    })),
    deals: given.deals.slice(0, maxDeals).map((deal) => ({
      id: deal.id,
      name: nameOr(deal.name, deal.id),
      stage: deal.stage?.slice(0, 200) ?? null,
      url: webAddress(deal.url),
    })),
    fields: given.fields.slice(0, maxFields).flatMap(({ label, value }) => {
      const clean = cleanText(label, 200);
      return clean === '' ? [] : [{ label: clean, value: value.slice(0, 2000) }];
    }),
  };
  const parsed = parseClientBody(`${source}:${given.id}`, body, country);
  return parsed.ok ? parsed.client : null;
}

function webAddress(url: string | null): string | null {
  return url !== null && url.length <= 2048 && /^https?:\/\//.test(url) ? url : null;
}
