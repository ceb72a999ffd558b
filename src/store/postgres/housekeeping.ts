import type pg from 'pg';
import { lowestId } from '../../domain/base/ids.ts';
import type { Housekeeping, Housekept } from '../../domain/ports/store.ts';
import { keptFromName } from '../shared/kept.ts';
import { isForgotten } from '../shared/undeliverable.ts';
import { connectWithoutTimeLimits } from './connect.ts';
import { detachedName, makeMonthReady, monthAfter, monthOfTable } from './partitions.ts';

/** Advisory lock during housekeeping, which runs outside the fenced commits. */
const houseLock = 7_263_003;

/**
 * Removes rows of interactions that no longer exist, by range of ids. Each table takes one statement, on a separate
 * connection, so that no commit waits. Nothing else writes to these rows any more.
 */
const removals: readonly string[] = [
  `WITH gone AS (DELETE FROM attachments WHERE interaction < $1 RETURNING blob)
     INSERT INTO loose_blobs SELECT DISTINCT blob FROM gone ON CONFLICT DO NOTHING`,
  `WITH gone AS (DELETE FROM letter_bodies WHERE interaction < $1 RETURNING body::json ->> 'blob' AS blob)
     INSERT INTO loose_blobs SELECT DISTINCT blob FROM gone ON CONFLICT DO NOTHING`,
  'DELETE FROM recordings_heard WHERE recording IN (SELECT id FROM recordings WHERE interaction < $1)',
  `WITH gone AS (DELETE FROM recordings WHERE interaction < $1 RETURNING blob)
     INSERT INTO loose_blobs SELECT DISTINCT blob FROM gone WHERE blob IS NOT NULL ON CONFLICT DO NOTHING`,
  'DELETE FROM transcripts WHERE interaction < $1',
  'DELETE FROM history WHERE interaction < $1',
  'DELETE FROM interaction_managers WHERE interaction < $1',
  'DELETE FROM interaction_viewers WHERE interaction < $1',
  'DELETE FROM conversations WHERE latest < $1',
  'DELETE FROM interaction_deals WHERE interaction < $1',
  'DELETE FROM interaction_participants WHERE interaction < $1',
  'DELETE FROM awaited WHERE interaction < $1',
  'DELETE FROM search_texts WHERE interaction < $1',
  'DELETE FROM search_waiting WHERE interaction < $1',
  'DELETE FROM live_calls WHERE interaction < $1',
  'DELETE FROM reply_handles WHERE interaction < $1',
  'DELETE FROM outbound WHERE id < $1',
  'DELETE FROM desk_log WHERE interaction < $1',
  "DELETE FROM owed WHERE kind = 'interaction' AND subject < $1",
  "DELETE FROM ledger WHERE kind = 'interaction' AND subject < $1",
  // A task that a person wrote down stays until it is done, even if its contact is removed.
  "DELETE FROM tasks WHERE id < $1 AND (state = 'done' OR body::json ->> 'interaction' IS NOT NULL)",
  `DELETE FROM leads WHERE id < $1 AND (body::json ->> 'latest') COLLATE "C" < $1`,
  ...['owed', 'ledger'].flatMap((table) => [
    `DELETE FROM ${table} WHERE kind = 'task' AND subject < $1 AND NOT EXISTS (SELECT 1 FROM tasks t WHERE t.id = subject)`,
    `DELETE FROM ${table} WHERE kind = 'lead' AND subject < $1 AND NOT EXISTS (SELECT 1 FROM leads l WHERE l.id = subject)`,
  ]),
];

/** See {@link Store.housekeep}. An interrupted run is continued by the next one. */
export async function housekeep(url: string, request: Housekeeping): Promise<Housekept> {
  const db = await connectWithoutTimeLimits(url);
  const cut = () => void db.end().catch(() => undefined);
  request.signal.addEventListener('abort', cut, { once: true });
  try {
    request.signal.throwIfAborted();
    const { rows } = await db.query<{ taken: boolean }>(`SELECT pg_try_advisory_lock(${houseLock}) AS taken`);
    if (rows[0]?.taken !== true) return { interactions: 0, undelivered: 0 };
    for (const at of [request.now, monthAfter(request.now)]) await makeMonthReady(db, at);
    return request.keepFrom === null
      ? { interactions: 0, undelivered: 0 }
      : await removeBefore(db, request.keepFrom, request.keepDetached);
  } finally {
    request.signal.removeEventListener('abort', cut);
    cut();
  }
}

async function removeBefore(db: pg.Client, keepFrom: number, keepDetached: boolean): Promise<Housekept> {
  const { rows: done } = await db.query<{ value: string }>('SELECT value FROM meta WHERE name = $1', [keptFromName]);
  if (Number(done[0]?.value ?? 0) >= keepFrom) return { interactions: 0, undelivered: 0 };
  const interactions = await removeMonths(db, keepFrom, keepDetached);
  const place = lowestId(keepFrom);
  const { rows } = await db.query<{ n: number }>(
    "SELECT count(*) AS n FROM owed WHERE state IN ('due', 'parked') AND kind = 'interaction' AND subject < $1",
    [place],
  );
  for (const sql of removals) await db.query(sql, [place]);
  await db.query(
    `WITH gone AS (DELETE FROM quarantine WHERE at < $1 RETURNING blob)
       INSERT INTO loose_blobs SELECT DISTINCT blob FROM gone WHERE blob IS NOT NULL ON CONFLICT DO NOTHING`,
    [keepFrom],
  );
  await db.query(`DELETE FROM undeliverable WHERE greatest(since, cleared) < $1 AND ${isForgotten}`, [keepFrom]);
  // A number that is logged meanwhile has a later entry and stays.
  await db.query(`DELETE FROM talk_log l WHERE seq <= (SELECT max(seq) FROM talk_log)
    AND NOT EXISTS (SELECT 1 FROM interactions i WHERE i.phone = l.phone)`);
  await db.query(
    'INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
    [keptFromName, String(keepFrom)],
  );
  return { interactions, undelivered: rows[0]?.n ?? 0 };
}

/**
 * Removes the partitions of all months that ended before the given time, without locks that block others. Returns how
 * many interactions they held.
 */
async function removeMonths(db: pg.Client, keepFrom: number, keepDetached: boolean): Promise<number> {
  const { rows } = await db.query<{ name: string; attached: boolean; pending: boolean }>(
    `SELECT c.relname AS name, i.inhparent IS NOT NULL AS attached, coalesce(i.inhdetachpending, false) AS pending
     FROM pg_class c LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
     WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND c.relname ~ '^interactions_\\d{4}_\\d{2}$' ORDER BY 1`,
  );
  let interactions = 0;
  for (const { name, attached, pending } of rows) {
    if (monthOfTable(name) >= keepFrom) continue;
    const { rows: counted } = await db.query<{ n: number }>(`SELECT count(*) AS n FROM ${name}`);
    interactions += counted[0]?.n ?? 0;
    // An interrupted run may have left the partition half detached, or already detached.
    if (attached)
      await db.query(`ALTER TABLE interactions DETACH PARTITION ${name} ${pending ? 'FINALIZE' : 'CONCURRENTLY'}`);
    await db.query(keepDetached ? `ALTER TABLE ${name} RENAME TO ${detachedName(name)}` : `DROP TABLE ${name}`);
  }
  return interactions;
}
