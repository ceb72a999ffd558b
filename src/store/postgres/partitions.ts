import { lowestId } from '../../domain/base/ids.ts';
import type { Connection } from './connect.ts';
import { writeLock } from './migrate.ts';

/** Makes the partition of the month that a moment lies in, where it is missing. Ids are UUIDv7, so a month is a range of ids. */
export async function ensurePartition(connection: Connection, at: number): Promise<void> {
  const { from, to, name } = monthOf(at);
  await connection.query(
    `CREATE TABLE IF NOT EXISTS ${name} PARTITION OF interactions FOR VALUES FROM ('${idAt(from)}') TO ('${idAt(to)}')`,
  );
}

/**
 * The same ahead of time, while others write: a table that is attached to one in use holds nobody up, where one that is created as a
 * part of it waits for everybody.
 */
export async function makeMonthReady(connection: Connection, at: number): Promise<void> {
  const { from, to, name } = monthOf(at);
  await connection.query('BEGIN');
  try {
    // So that no commit makes the same month meanwhile.
    await connection.query(`SELECT pg_advisory_xact_lock(${writeLock})`);
    const { rows } = await connection.query<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [name]);
    if (rows[0]?.there !== true) {
      await connection.query(`CREATE TABLE ${name} (LIKE interactions INCLUDING DEFAULTS)`);
      await connection.query(
        `ALTER TABLE interactions ATTACH PARTITION ${name} FOR VALUES FROM ('${idAt(from)}') TO ('${idAt(to)}')`,
      );
    }
    await connection.query('COMMIT');
  } catch (error) {
    await connection.query('ROLLBACK');
    throw error;
  }
}

/** The beginning of the next month. */
export function monthAfter(at: number): number {
  return monthOf(at).to;
}

/** When the month of a partition begins, by its name. */
export function monthOfTable(name: string): number {
  const [, year, month] = /_(\d{4})_(\d{2})$/.exec(name) ?? [];
  return Date.UTC(Number(year), Number(month) - 1, 1);
}

/** What a partition is called once it was let go of and is kept. */
export function detachedName(name: string): string {
  return `${name}_detached`;
}

/** The name of a moment's partition, for telling whether it is known already. */
export function partitionName(at: number): string {
  return monthOf(at).name;
}

function monthOf(at: number): { readonly from: number; readonly to: number; readonly name: string } {
  const day = new Date(at);
  const [year, month] = [day.getUTCFullYear(), day.getUTCMonth()];
  return {
    from: Date.UTC(year, month, 1),
    to: Date.UTC(year, month + 1, 1),
    name: `interactions_${year}_${String(month + 1).padStart(2, '0')}`,
  };
}

/** The part of an id that its milliseconds make: the lowest of all ids of that moment. */
function idAt(at: number): string {
  return lowestId(at).slice(0, 13);
}
