import type { DirectoryDifference, KnownClient } from '../../../domain/directory/directory-source.ts';
import { Affected, currentClients } from './current.ts';
import { clientSets, type Reading } from './reading.ts';
import { parseReference } from './reference.ts';
import type { Versions } from './versions.ts';

/** Most clients that are read in one comparison. */
const maxRead = 100;

/**
 * Compares known clients with the base: those that the last sweep has not met, or whose contact persons it has not met,
 * are read anew. Costs nothing for all others.
 */
export async function checkKnown(
  clients: readonly KnownClient[],
  reading: Reading,
  versions: Versions,
): Promise<DirectoryDifference> {
  const sets = clientSets(reading.mapping);
  const affected = new Affected();
  const strange: string[] = [];
  for (const { id, contacts } of clients) {
    const reference = parseReference(id);
    const own = sets.find(({ role }) => role === reference?.role);
    // Of another preset than the present one.
    if (reference === null || own === undefined) strange.push(id);
    else if (affected.size < maxRead) {
      const persons = contacts.flatMap((contact) => parseReference(contact) ?? []);
      const personSets = [
        ...own.related,
        ...(own.links === undefined ? [] : [{ role: 'person', set: own.links.persons }]),
      ];
      const isMet = (set: string | undefined, key: string) => versions.table(set ?? '')?.has(key) !== false;
      const isWhole = persons.every(({ role, key }) => isMet(personSets.find((one) => one.role === role)?.set, key));
      if (!isMet(own.set, reference.key) || !isWhole) affected.add(own.set, reference.key);
    }
  }
  if (affected.size === 0) return { clients: [], removed: strange };
  const difference = await currentClients(reading, affected);
  return { ...difference, removed: [...strange, ...difference.removed] };
}
