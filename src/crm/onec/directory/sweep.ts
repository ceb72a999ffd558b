import { text } from '../../../runtime/http/fields.ts';
import { unreadable } from '../api/client.ts';
import { readPages } from '../paging.ts';
import { type Reading, visibility } from './reading.ts';
import type { SweptSet } from './swept-sets.ts';
import { VersionTable } from './version-table.ts';
import type { Versions } from './versions.ts';

/** References and versions that are read at once, some 100 bytes each. */
const page = 10_000;

/** What a pass over a set has found. */
export interface Swept {
  /** Objects that are new or have changed, with their versions. */
  readonly changed: ReadonlyMap<string, string>;
  /** Objects that are missing now. */
  readonly missing: readonly string[];
}

/**
 * Most differing objects of one sweep; the next one finds the others. A user may change thousands at once, and a
 * spoiled answer may lack as many.
 */
const maxChanged = 10_000;
const maxMissing = 500;

/** Compares the versions of a set with the known ones. Nothing is noted yet of what differs. */
export async function sweep(reading: Reading, swept: SweptSet, versions: Versions): Promise<Swept> {
  let known = versions.table(swept.set);
  if (known === null) {
    known = await tableOf(reading, swept);
    // After a start, a pass for the checksums is all it takes unless they differ.
    if (!(await versions.adopt(swept.set, known))) return { changed: new Map(), missing: [] };
  }
  known.begin();
  const changed = new Map<string, string>();
  for await (const [key, version] of versionsOf(reading, swept)) {
    if (!known.meet(key, version) && changed.size < maxChanged) changed.set(key, version);
  }
  return { changed, missing: known.unmet(maxMissing) };
}

/** Notes the versions of all sets whose versions are unknown, before everything is read anyhow. */
export async function noteVersions(reading: Reading, sets: readonly SweptSet[], versions: Versions): Promise<void> {
  for (const swept of sets)
    if (!(await versions.isKnown(swept.set))) versions.set(swept.set, await tableOf(reading, swept));
  await versions.save();
}

async function tableOf(reading: Reading, swept: SweptSet): Promise<VersionTable> {
  const table = new VersionTable();
  for await (const [key, version] of versionsOf(reading, swept)) table.put(key, version);
  return table;
}

/** The references and versions of all objects of a set that count. */
async function* versionsOf(
  reading: Reading,
  { set, filter }: SweptSet,
): AsyncGenerator<readonly [key: string, version: string]> {
  const { base, order, options } = reading;
  const query = { select: ['DataVersion'], filter, top: page, ...visibility(reading) };
  for await (const rows of readPages(base, set, query, order, options)) {
    for (const { key, fields } of rows) {
      const version = text(fields.DataVersion);
      if (version === null) throw unreadable();
      yield [key, version];
    }
  }
}
