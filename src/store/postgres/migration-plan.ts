import { connectUnhurried } from './connect.ts';
import { migrate, pendingMigrations } from './migrate.ts';
import type { PostgresMigration } from './migrations.ts';

/** One step that a database lacks, and what it will cost. */
export interface PlannedMigration {
  readonly version: number;
  readonly name: string;
  readonly phase: PostgresMigration['phase'];
  /** Tables it reads or writes whole, with about as many rows and bytes as the server believes. */
  readonly touches: readonly { readonly table: string; readonly rows: number; readonly bytes: number }[];
  /** About so long nobody commits, in seconds. */
  readonly seconds: number;
}

/** Bytes a second of a table and its indexes that a step gets through: assumed, on the slow side of a disk in a cheap virtual machine, never measured. */
const pace = 10_000_000;

/** What {@link migrate} would do, without doing anything. */
export async function planMigrations(
  url: string,
  list?: readonly PostgresMigration[],
): Promise<readonly PlannedMigration[]> {
  const connection = await connectUnhurried(url);
  try {
    const planned: PlannedMigration[] = [];
    for (const { version, name, phase, touches = [] } of await pendingMigrations(connection, list)) {
      // A table that an earlier step is still to make costs nothing.
      const { rows } = await connection.query<{ table: string; rows: number; bytes: number }>(
        `SELECT t AS "table", coalesce(sum(greatest(c.reltuples, 0)), 0)::bigint AS rows, coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint AS bytes
         FROM unnest($1::text[]) t CROSS JOIN LATERAL pg_partition_tree(to_regclass(t)) p JOIN pg_class c ON c.oid = p.relid
         GROUP BY t ORDER BY t`,
        [touches],
      );
      const bytes = rows.reduce((sum, one) => sum + one.bytes, 0);
      planned.push({ version, name, phase, touches: rows, seconds: Math.ceil(bytes / pace) });
    }
    return planned;
  } finally {
    await connection.end();
  }
}

/** Takes the steps that a database lacks; answers their names. See {@link migrate}. */
export async function carryOutMigrations(url: string, contract: boolean): Promise<readonly string[]> {
  const connection = await connectUnhurried(url);
  try {
    return await migrate(connection, { contract });
  } finally {
    await connection.end();
  }
}
