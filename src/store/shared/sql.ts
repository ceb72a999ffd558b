import type { Awaitable } from '../../domain/base/awaitable.ts';

/** The connection of an open transaction, for statements with `?` placeholders that both stores understand. */
export interface Sql {
  /** Executes a statement and returns the number of changed rows. */
  run(sql: string, ...values: readonly unknown[]): Awaitable<number>;
  all<Row extends object>(sql: string, ...values: readonly unknown[]): Awaitable<readonly Row[]>;
  /** The SQL expression that reads a key from a JSON column, as text or NULL. */
  field(column: string, key: string): string;
}

/** `?, ?, ?` for these values. */
export function places(values: readonly unknown[]): string {
  return values.map(() => '?').join(', ');
}

/** Inserts rows of the same shape in one statement. Existing rows are kept. Does nothing if there are no rows. */
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
