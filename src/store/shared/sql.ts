import type { Awaitable } from '../../domain/base/awaitable.ts';

/** The connection of an open transaction, for statements that both stores speak: with `?` for each value. */
export interface Sql {
  /** Carries a statement out; answers how many rows it changed. */
  run(sql: string, ...values: readonly unknown[]): Awaitable<number>;
  all<Row extends object>(sql: string, ...values: readonly unknown[]): Awaitable<readonly Row[]>;
  /** How the store reads a key of a column that holds JSON, as text or NULL. */
  field(column: string, key: string): string;
}

/** `?, ?, ?` for this many values. */
export function places(values: readonly unknown[]): string {
  return values.map(() => '?').join(', ');
}

/** Inserts rows, all of one shape, in one statement; those that are there stay. Nothing is asked for no rows. */
export async function insertNew(
  sql: Sql,
  table: string,
  rows: readonly Readonly<Record<string, unknown>>[],
): Promise<void> {
  const [first] = rows;
  if (first === undefined) return;
  const columns = Object.keys(first);
  const tuple = `(${places(columns)})`;
  await sql.run(
    `INSERT INTO ${table} (${columns.join(', ')}) VALUES ${rows.map(() => tuple).join(', ')} ON CONFLICT DO NOTHING`,
    ...rows.flatMap((row) => columns.map((column) => row[column])),
  );
}
