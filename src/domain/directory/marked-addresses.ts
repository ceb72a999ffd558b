import type { ClientIdentifier, UndeliverableAddress } from '../written/undeliverable.ts';
import type { Client } from './client.ts';

/** The e-mail addresses of clients. */
export function emailsOf(clients: readonly Client[]): readonly string[] {
  const all = clients.flatMap(({ identifiers, contacts }) => [
    ...identifiers,
    ...contacts.flatMap((contact) => contact.identifiers),
  ]);
  return [...new Set(all.filter(({ kind }) => kind === 'email').map(({ value }) => value))];
}

/** Clients with the marks of their addresses. */
export function withMarks(clients: readonly Client[], marked: readonly UndeliverableAddress[]): readonly Client[] {
  if (marked.length === 0) return clients;
  const marks = new Map(marked.map(({ email, ...mark }) => [email, mark]));
  const mark = (identifier: ClientIdentifier): ClientIdentifier => {
    const found = identifier.kind === 'email' ? marks.get(identifier.value) : undefined;
    return found === undefined ? identifier : { ...identifier, undeliverable: found };
  };
  return clients.map((client) => ({
    ...client,
    identifiers: client.identifiers.map(mark),
    contacts: client.contacts.map((contact) => ({ ...contact, identifiers: contact.identifiers.map(mark) })),
  }));
}
