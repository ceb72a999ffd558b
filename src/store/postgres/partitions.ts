import { lowestId } from '../../domain/base/ids.ts';
import { type Connection, cutOffAfter } from './connect.ts';
import { writeLock } from './migrate.ts';

/**
 * Creates the partition of the month that contains a time, if it is missing. Ids are UUIDv7, so a month is a range of
 * ids.
 */
export async function ensurePartition(connection: Connection, at: number): Promise<void> {
  const { from, to, name } = monthOf(at);
  await connection.query(
    `CREATE TABLE IF NOT EXISTS ${name} PARTITION OF interactions FOR VALUES FROM ('${idAt(from)}') TO ('${idAt(to)}')`,
  );
}

/**
 * Creates a partition ahead of time while others write. Attaching an existing table does not block them, while
 * creating it as a partition would wait for every lock.
 */
export async function makeMonthReady(connection: Connection, at: number): Promise<void> {
  const { from, to, name } = monthOf(at);
  if (await isThere(connection, name)) return;
  // Nobody can commit while this transaction is open, so the server ends it soon if this program is cut off, although
  // the connection has no time limits.
  await connection.query(`BEGIN; SET LOCAL idle_in_transaction_session_timeout = ${cutOffAfter}`);
  try {
    // Prevents a commit from creating the same month meanwhile.
    await connection.query(`SELECT pg_advisory_xact_lock(${writeLock})`);
    if (!(await isThere(connection, name))) {
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

async function isThere(connection: Connection, name: string): Promise<boolean> {
  const { rows } = await connection.query<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [name]);
  return rows[0]?.there === true;
}

/** The start of the following month. */
export function monthAfter(at: number): number {
  return monthOf(at).to;
}

/** The start of a partition's month, parsed from its name. */
export function monthOfTable(name: string): number {
  const [, year, month] = /_(\d{4})_(\d{2})$/.exec(name) ?? [];
  return Date.UTC(Number(year), Number(month) - 1, 1);
}

/** The name of a partition that was detached and kept. */
export function detachedName(name: string): string {
  return `${name}_detached`;
}

/** The partition name of a time, to look up whether it is known to exist. */
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

/** The prefix of all ids of a millisecond, which is lower than any of them. */
function idAt(at: number): string {
  return lowestId(at).slice(0, 13);
}
