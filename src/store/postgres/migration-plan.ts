import { type Connection, connectWithoutTimeLimits } from './connect.ts';
import { migrate, pendingMigrations } from './migrate.ts';
import type { PostgresMigration } from './migrations.ts';

/** A migration that a database lacks, and what it will cost. */
export interface PlannedMigration {
  readonly version: number;
  readonly name: string;
  readonly phase: PostgresMigration['phase'];
  /** Tables that it reads or rewrites completely, with the server's estimates of their rows and bytes. */
  readonly touches: readonly { readonly table: string; readonly rows: number; readonly bytes: number }[];
  /** Estimated time during which nobody can commit, in seconds. */
  readonly seconds: number;
  /** Whether `seconds` is based on a measurement of this database. Small tables use an assumed pace. */
  readonly measured: boolean;
}

/**
 * Assumed pace of a migration in bytes per second, for tables too small to measure: a slow disk in a cheap virtual
 * machine.
 */
const assumedPace = 10_000_000;
/**
 * How many rows are copied to measure the pace, and the minimum size for a meaningful result (a tenth of a second at
 * the assumed pace).
 */
const sample = { rows: 20_000, minBytes: 1_000_000 };

/** Determines what {@link migrate} would do, without changing anything. */
export async function planMigrations(
  url: string,
  list?: readonly PostgresMigration[],
): Promise<readonly PlannedMigration[]> {
  const connection = await connectWithoutTimeLimits(url);
  try {
    const planned: PlannedMigration[] = [];
    for (const { version, name, phase, touches = [] } of await pendingMigrations(connection, list)) {
      // A table that an earlier migration will create costs nothing.
      const { rows } = await connection.query<{ table: string; rows: number; bytes: number }>(
        `SELECT t AS "table", coalesce(sum(greatest(c.reltuples, 0)), 0)::bigint AS rows, coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint AS bytes
         FROM unnest($1::text[]) t CROSS JOIN LATERAL pg_partition_tree(to_regclass(t)) p JOIN pg_class c ON c.oid = p.relid
         GROUP BY t ORDER BY t`,
        [touches],
      );
      const bytes = rows.reduce((sum, one) => sum + one.bytes, 0);
      const [largest] = [...rows].sort((a, b) => b.bytes - a.bytes);
      const pace = largest === undefined ? null : await paceOf(connection, largest.table);
      const seconds = Math.ceil(bytes / (pace ?? assumedPace));
      planned.push({ version, name, phase, touches: rows, seconds, measured: pace !== null });
    }
    return planned;
  } finally {
    await connection.end();
  }
}

/**
 * Measures how fast the server copies rows into a temporary table, in bytes per second. Null if there are too few
 * rows.
 */
async function paceOf(connection: Connection, table: string): Promise<number | null> {
  await connection.query('BEGIN');
  try {
    const since = performance.now();
    await connection.query(`CREATE TEMPORARY TABLE pace ON COMMIT DROP AS SELECT * FROM ${table} LIMIT ${sample.rows}`);
    const took = performance.now() - since;
    const { rows } = await connection.query<{ bytes: number }>("SELECT pg_total_relation_size('pace') AS bytes");
    const bytes = rows[0]?.bytes ?? 0;
    return bytes < sample.minBytes ? null : (bytes / took) * 1000;
  } finally {
    await connection.query('ROLLBACK');
  }
}

/** Applies the migrations that a database lacks. Returns their names. See {@link migrate}. */
export async function carryOutMigrations(url: string, contract: boolean): Promise<readonly string[]> {
  const connection = await connectWithoutTimeLimits(url);
  try {
    return await migrate(connection, { contract });
  } finally {
    await connection.end();
  }
}
