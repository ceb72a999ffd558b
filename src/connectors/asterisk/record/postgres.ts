import pg from 'pg';
import { tlsOptions } from '../tls.ts';
import type { PostgresSettings } from './settings.ts';
import { unreadable } from './source.ts';
import { connectTimeout, quotedName, type Table, type TableSession } from './table.ts';

/** A table in PostgreSQL, such as `cdr` of cdr_pgsql. */
export function postgresTable(settings: PostgresSettings): Table {
  const quote = (name: string) => `"${name}"`;
  return {
    name: quotedName(settings.table, quote),
    quote,
    // Also for times with a zone: the server then answers in the zone in which it took Asterisk's text.
    asText: (column) => `to_char(${column}, 'YYYY-MM-DD HH24:MI:SS')`,
    ended: (start, duration) => `(${start} + ${duration} * interval '1 second')`,
    open: () => open(settings),
  };
}

async function open(settings: PostgresSettings): Promise<TableSession> {
  const { host, port, database, username, password, tls } = settings;
  const timeout = settings.timeout * 1000;
  const place = `PostgreSQL at ${host}:${port}`;
  const client = new pg.Client({
    host,
    port,
    database,
    user: username,
    password,
    ...(tls !== false && { ssl: tlsOptions(tls) }),
    application_name: 'patchbay',
    connectionTimeoutMillis: Math.min(connectTimeout, timeout),
    statement_timeout: timeout,
    query_timeout: timeout,
    // A read-only session can't change anything, even if the user may.
    options: '-c default_transaction_read_only=on',
  });
  client.on('error', () => undefined);
  const answer = async (sql: string, values: readonly (string | number)[]) => {
    try {
      let n = 0;
      return await client.query(
        sql.replaceAll('?', () => {
          n += 1;
          return `$${n}`;
        }),
        [...values],
      );
    } catch (error) {
      throw unreadable(place, error);
    }
  };
  const table = postgresTable(settings).name;
  try {
    await client.connect();
  } catch (error) {
    void client.end().catch(() => undefined);
    throw unreadable(place, error);
  }
  return {
    query: async (sql, values) => (await answer(sql, values)).rows,
    columns: async () => (await answer(`SELECT * FROM ${table} LIMIT 0`, [])).fields.map((field) => field.name),
    close: () => client.end().catch(() => undefined),
  };
}
