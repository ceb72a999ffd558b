import mysql from 'mysql2/promise';
import { tlsOptions } from '../tls.ts';
import type { MysqlSettings } from './settings.ts';
import { unreadable } from './source.ts';
import { connectTimeout, quotedName, type Rows, type Table, type TableSession } from './table.ts';

/** A table in MySQL or MariaDB, such as `cdr` of FreePBX. */
export function mysqlTable(settings: MysqlSettings): Table {
  const quote = (name: string) => `\`${name}\``;
  return {
    name: quotedName(settings.table, quote),
    quote,
    asText: (column) => column,
    ended: (start, duration) => `${start} + INTERVAL ${duration} SECOND`,
    open: () => open(settings),
  };
}

async function open(settings: MysqlSettings): Promise<TableSession> {
  const { host, port, socket, database, username, password, tls } = settings;
  const timeout = settings.timeout * 1000;
  const place = `MySQL at ${socket ?? `${host}:${port}`}`;
  try {
    const connection = await mysql.createConnection({
      ...(socket === undefined ? { host, port } : { socketPath: socket }),
      database,
      user: username,
      password,
      ...(tls !== false && { ssl: tlsOptions(tls) }),
      connectTimeout: Math.min(connectTimeout, timeout),
      // Times are local to the PBX, so the driver must not convert them.
      dateStrings: true,
      charset: 'utf8mb4',
    });
    connection.on('error', () => undefined);
    // A read-only session can't change anything, even if the user may.
    await connection.query('SET SESSION TRANSACTION READ ONLY');
    const table = mysqlTable(settings).name;
    return {
      query: async (sql, values) => {
        const [rows] = await within(place, connection.query({ sql, values: [...values], timeout }));
        return rows as Rows;
      },
      columns: async () => {
        const [, fields] = await within(place, connection.query({ sql: `SELECT * FROM ${table} LIMIT 0`, timeout }));
        return fields.map((field) => field.name);
      },
      close: async () => connection.destroy(),
    };
  } catch (error) {
    throw unreadable(place, error);
  }
}

async function within<T>(place: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw unreadable(place, error);
  }
}
