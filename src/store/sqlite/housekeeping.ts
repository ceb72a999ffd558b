import type { Database } from 'better-sqlite3';
import { lowestId } from '../../domain/base/ids.ts';
import type { Housekeeping, Housekept } from '../../domain/ports/store.ts';
import { keptFromName } from '../shared/kept.ts';
import type { WriterClient } from './writer-client.ts';

/** Interactions per transaction. Such a transaction takes a few milliseconds, like a commit under load. */
const batch = 50;

/**
 * Removes contacts older than the retention period, in many small transactions. An interrupted run is continued by
 * the next one.
 */
export async function housekeep(
  writer: Pick<WriterClient, 'apply'>,
  db: Database,
  { keepFrom, signal }: Housekeeping,
): Promise<Housekept> {
  const done = db.prepare('SELECT value FROM meta WHERE name = ?').pluck();
  if (keepFrom === null || Number(done.get(keptFromName) ?? 0) >= keepFrom) return { interactions: 0, undelivered: 0 };
  const place = lowestId(keepFrom);
  const undelivered = db
    .prepare("SELECT count(*) FROM owed WHERE state IN ('due', 'parked') AND kind = 'interaction' AND subject < ?")
    .pluck()
    .get(place) as number;
  const next = db.prepare('SELECT count(*) FROM (SELECT 1 FROM interactions WHERE id < ? LIMIT ?)').pluck();
  let interactions = 0;
  for (let more = true; more; ) {
    signal.throwIfAborted();
    const count = next.get(place, batch) as number;
    const [result] = await writer.apply([{ op: 'forget', before: keepFrom, limit: batch }]);
    if (result?.ok === false) throw new Error(`could not remove expired contacts: ${result.message}`);
    interactions += count;
    more = count > 0;
  }
  return { interactions, undelivered };
}
