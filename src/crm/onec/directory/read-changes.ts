import type { DirectoryPage } from '../../../domain/directory/directory-source.ts';
import type { KnownClients } from '../../contract.ts';
import { affectedBy, currentClients } from './current.ts';
import type { Reading } from './reading.ts';
import { sweep } from './sweep.ts';
import type { SweptSet } from './swept-sets.ts';
import type { Versions } from './versions.ts';

/** Changed objects whose clients are read at once. */
const batch = 50;

/** What {@link readChanges} needs. */
export interface Sweeping {
  readonly reading: Reading;
  readonly sets: readonly SweptSet[];
  readonly versions: Versions;
  readonly known: KnownClients;
}

/**
 * Looks for objects whose version has changed, and reads their clients anew. 1C has no date of a change, and versions
 * have no order, so the versions of all objects are read: that costs about a fortieth of reading the clients. A version
 * is noted only when its client is stored, so that an interrupted sweep finds the rest again.
 */
export async function* readChanges({ reading, sets, versions, known }: Sweeping): AsyncGenerator<DirectoryPage> {
  for (const swept of sets) {
    const { changed, missing } = await sweep(reading, swept, versions);
    const keys = [...changed.keys(), ...missing];
    for (let at = 0; at < keys.length; at += batch) {
      const part = keys.slice(at, at + batch);
      const affected = await affectedBy(reading, swept, part, known);
      yield { ...(await currentClients(reading, affected)), cursor: null };
      const table = versions.table(swept.set);
      for (const key of part) {
        const version = changed.get(key);
        if (version === undefined) table?.remove(key);
        else table?.put(key, version);
      }
    }
  }
  await versions.save();
}
