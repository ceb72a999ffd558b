import Database from 'better-sqlite3';
import type { SqliteSettings } from './settings.ts';
import { unreadable } from './source.ts';
import { quotedName, type Rows, type Table, type TableSession } from './table.ts';

/** Milliseconds to wait while Asterisk writes a row. */
const busyTimeout = 1000;

/** A table in SQLite, such as `cdr` of cdr_sqlite3_custom. */
export function sqliteTable(settings: SqliteSettings): Table {
  const quote = (name: string) => `"${name}"`;
  return {
    name: quotedName(settings.table, quote),
    quote,
    asText: (column) => column,
    ended: (start, duration) => `datetime(${start}, '+' || CAST(${duration} AS INTEGER) || ' seconds')`,
    open: async () => open(settings),
  };
}

function open(settings: SqliteSettings): TableSession {
  const table = sqliteTable(settings).name;
  const attempt = <T>(use: () => T): T => {
    try {
      return use();
    } catch (error) {
      throw unreadable(settings.path, error);
    }
  };
  const database = attempt(
    () => new Database(settings.path, { readonly: true, fileMustExist: true, timeout: busyTimeout }),
  );
  return {
    query: async (sql, values) => attempt(() => database.prepare(sql).all(...values) as Rows),
    columns: async () =>
      attempt(() =>
        database
          .prepare(`SELECT * FROM ${table} LIMIT 0`)
          .columns()
          .map((column) => column.name),
      ),
    close: async () => void database.close(),
  };
}
