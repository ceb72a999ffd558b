import type { Client } from '../../domain/directory/client.ts';
import type { SourceClient } from '../../domain/directory/directory-source.ts';
import { cleanText, normaliseIdentifier } from '../../domain/directory/identifiers.ts';
import type { Identifier } from '../../domain/interaction/interaction.ts';
import { parseClientBody } from '../client-body.ts';

const mostIdentifiers = 100;
const mostContacts = 200;
const mostDeals = 200;
const mostFields = 100;
const longestName = 300;

/**
 * Converts a client of a source to the form we store, with the id `source:id`. Returns null if that is impossible.
 * People type anything into the fields of a CRM, so invalid telephones and addresses are dropped here, while `PUT
 * /clients` rejects them.
 */
export function keptClient(source: string, given: SourceClient, country: string): Client | null {
  const known = (identifiers: readonly Identifier[]) =>
    identifiers
      .filter((one) => normaliseIdentifier(one, country) !== null)
      .slice(0, mostIdentifiers)
      .map(({ kind, value }) => ({ kind, value }));
  const named = (name: string, otherwise: string) => cleanText(name, longestName) || otherwise;
  const name = named(given.name, given.id);
  const body = {
    ...{ name, kind: given.kind, responsible: given.responsible, segment: given.segment, url: webAddress(given.url) },
    identifiers: known(given.identifiers),
    contacts: given.contacts.slice(0, mostContacts).map((contact) => ({
      id: contact.id,
      name: named(contact.name, name),
      identifiers: known(contact.identifiers),
    })),
    deals: given.deals.slice(0, mostDeals).map((deal) => ({
      id: deal.id,
      name: named(deal.name, deal.id),
      stage: deal.stage?.slice(0, 200) ?? null,
      url: webAddress(deal.url),
    })),
    fields: given.fields.slice(0, mostFields).flatMap(({ label, value }) => {
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
