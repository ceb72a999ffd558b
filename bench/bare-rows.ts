import Database from 'better-sqlite3';

/** Options of {@link insertBareRows}. */
export interface BareRows {
  /** All by default. */
  readonly tables?: readonly string[];
  /** The column by which a table's rows are in the order of writing, if it is not the first. */
  readonly order: Readonly<Record<string, string>>;
  readonly batches: number;
  /** Number of batches before the measurement starts. */
  readonly warmUp?: number;
  /** Additional work for each row. */
  readonly each?: (table: string, row: readonly unknown[]) => void;
}

/**
 * The limit for a store: milliseconds in which better-sqlite3 inserts the rows of `path` into an empty database with the same
 * schema, in the same order, with the same durability and batch size.
 */
export function insertBareRows(path: string, into: string, { order, batches, ...options }: BareRows): number {
  const from = new Database(path, { readonly: true });
  const to = new Database(into);
  to.pragma('journal_mode = WAL');
  to.pragma('synchronous = FULL');
  const objects = from
    .prepare(
      "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' AND tbl_name NOT LIKE 'client\\__%' ESCAPE '\\' AND tbl_name NOT LIKE 'search\\_words%' ESCAPE '\\'",
    )
    .all() as { type: string; name: string; tbl_name: string; sql: string }[];
  const wanted = objects.filter(({ tbl_name }) => options.tables?.includes(tbl_name) ?? true);
  for (const { sql } of wanted) to.exec(sql);
  const tables = wanted
    .filter(({ type }) => type === 'table')
    .map(({ name }) => {
      const rows = from
        .prepare(`SELECT * FROM ${name} ORDER BY ${order[name] ?? '1'}`)
        .raw()
        .all() as unknown[][];
      const places = Array(rows[0]?.length ?? 1).fill('?');
      const insert = rows.length === 0 ? null : to.prepare(`INSERT INTO ${name} VALUES (${places.join(', ')})`);
      return { name, rows, insert };
    });
  let since = performance.now();
  for (let batch = 0; batch < batches; batch += 1) {
    if (batch === options.warmUp) since = performance.now();
    to.exec('BEGIN IMMEDIATE');
    for (const { name, rows, insert } of tables) {
      const part = (at: number) => Math.round((rows.length * at) / batches);
      for (const row of rows.slice(part(batch), part(batch + 1))) {
        options.each?.(name, row);
        insert?.run(...row);
      }
    }
    to.exec('COMMIT');
  }
  const took = performance.now() - since;
  to.close();
  from.close();
  return took;
}
