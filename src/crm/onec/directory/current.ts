import type { DirectoryDifference } from '../../../domain/directory/directory-source.ts';
import type { KnownClients } from '../../contract.ts';
import type { ClientSet } from '../presets/preset.ts';
import { clientSelect, clientsOf } from './clients.ts';
import { linksOf } from './links.ts';
import { byKeys, clientFilter, clientSets, type Reading } from './reading.ts';
import { parseReference, referenceText } from './reference.ts';
import { ownerOf, relatedSelect } from './related.ts';
import type { SweptSet } from './swept-sets.ts';

/** References of clients that have to be stored anew, by set. */
export class Affected {
  readonly #keys = new Map<string, Set<string>>();

  /** Number of clients. */
  get size(): number {
    return [...this.#keys.values()].reduce((sum, keys) => sum + keys.size, 0);
  }

  add(set: string, key: string): void {
    const keys = this.#keys.get(set) ?? new Set();
    this.#keys.set(set, keys.add(key));
  }

  addAll(others: Affected): void {
    for (const [set, keys] of others.#keys) for (const key of keys) this.add(set, key);
  }

  /** Adds clients by their ids in this source. */
  addClients(ids: readonly string[], clients: readonly ClientSet[]): void {
    for (const id of ids) {
      const reference = parseReference(id);
      const found = clients.find(({ role }) => role === reference?.role);
      if (reference !== null && found !== undefined) this.add(found.set, reference.key);
    }
  }

  of(set: string): readonly string[] {
    return [...(this.#keys.get(set) ?? [])];
  }
}

/** The clients that some changed or missing objects of a set concern: those that had them before as well. */
export async function affectedBy(
  reading: Reading,
  { set, client, owners, linked }: SweptSet,
  keys: readonly string[],
  known: KnownClients,
): Promise<Affected> {
  const affected = new Affected();
  if (keys.length === 0) return affected;
  if (client !== null) for (const key of keys) affected.add(set, key);
  for (const { clients, related } of owners) {
    for (const row of (await byKeys(reading, set, keys, relatedSelect(related))).values()) {
      const owner = ownerOf(related, row);
      if (owner !== null) affected.add(clients.set, owner);
    }
    if (related.role === 'counterparty') continue;
    const ids = keys.map((key) => referenceText({ role: related.role, key }));
    const parts = related.role === 'deal' ? { contacts: [], deals: ids } : { contacts: ids, deals: [] };
    affected.addClients(await known.clientsWith(parts), clientSets(reading.mapping));
  }
  for (const { set: clientSet, links } of linked) {
    if (links === undefined) continue;
    for (const link of await linksOf(reading, links, 'person', keys)) affected.add(clientSet, link.client);
    const ids = keys.map((key) => referenceText({ role: 'person', key }));
    affected.addClients(await known.clientsWith({ contacts: ids, deals: [] }), clientSets(reading.mapping));
  }
  return affected;
}

/** The present state of some clients. */
export async function currentClients(reading: Reading, affected: Affected): Promise<DirectoryDifference> {
  const parts = await Promise.all(
    clientSets(reading.mapping).map(async (clients) => currentOf(reading, clients, affected.of(clients.set))),
  );
  return { clients: parts.flatMap((part) => part.clients), removed: parts.flatMap((part) => part.removed) };
}

/** One that does not count any more is gone; one that is not found at all is asked for by itself first. */
async function currentOf(reading: Reading, clients: ClientSet, keys: readonly string[]): Promise<DirectoryDifference> {
  const { set, role } = clients;
  const rows = await byKeys(reading, set, keys, clientSelect(clients, reading.mapping), clientFilter(clients));
  const others = keys.filter((key) => !rows.has(key));
  const marked = await byKeys(reading, set, others, ['DeletionMark']);
  const current = await clientsOf(reading, clients, [...rows.values()], null);
  const ids = new Set(current.map(({ id }) => id));
  // A contact person who belongs to somebody now is no client any more.
  const removed = [...rows.keys(), ...marked.keys()].filter((key) => !ids.has(referenceText({ role, key })));
  for (const key of others) {
    if (marked.has(key)) continue;
    const found = await reading.base.read(set, key, ['Ref_Key'], reading.options);
    if (found === null) removed.push(key);
  }
  return { clients: current, removed: removed.map((key) => referenceText({ role, key })) };
}
