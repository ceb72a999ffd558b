import { rmSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import type { ClientId } from '../../domain/base/ids.ts';
import type { Client } from '../../domain/directory/client.ts';
import type { Connection } from '../postgres/connect.ts';
import { kindOf } from '../shared/identifiers.ts';
import { ClientIndex } from '../sqlite/clients.ts';
import { openForWriting } from '../sqlite/connect.ts';
import { migrate } from '../sqlite/migrate.ts';

const pageSize = 500;

interface LogRow {
  readonly kind: number;
  readonly key: string;
  readonly seq: number;
  readonly body: string | null;
  readonly client: string | null;
  readonly contact: string | null;
  readonly by_id: string | null;
  readonly by_name: string | null;
  readonly at: string | null;
}

/** The local copy of the client directory for routing: a cache that follows the directory log in commit order. */
export class Snapshot {
  readonly #db: Database;
  readonly #clients: ClientIndex;
  /** Time up to which the copy contains everything committed, in milliseconds since the epoch. */
  #currentAt = 0;

  constructor(path: string) {
    this.#db = openSnapshot(path);
    this.#clients = new ClientIndex(this.#db, null);
  }

  /** Milliseconds since the copy was last up to date. */
  age(now: number): number {
    return now - this.#currentAt;
  }

  /** Applies what was committed since the last call. Starts over if the file belongs to another database. */
  async follow(connection: Connection): Promise<void> {
    const began = Date.now();
    const { rows } = await connection.query<{ id: string; last: number }>(
      "SELECT (SELECT value FROM meta WHERE name = 'store_id') AS id, coalesce((SELECT max(seq) FROM directory_log), 0) AS last",
    );
    const { id = '', last = 0 } = rows[0] ?? {};
    if (this.#get('store_id') !== id || this.#place() > last) this.#empty(id);
    for (;;) {
      const page = await connection.query<LogRow>(
        `SELECT l.kind, l.key, l.seq, c.body, h.client, h.contact, h.by_id, h.by_name, h.at FROM directory_log l
         LEFT JOIN clients c ON l.kind = 0 AND c.id = l.key
         LEFT JOIN choices h ON l.kind = 1 AND l.key = h.kind || ' ' || h.value
         WHERE l.seq > $1 ORDER BY l.seq LIMIT ${pageSize}`,
        [this.#place()],
      );
      this.#take(page.rows);
      if (page.rows.length < pageSize) break;
    }
    this.#currentAt = began;
  }

  close(): void {
    this.#db.close();
  }

  #take(rows: readonly LogRow[]): void {
    const last = rows.at(-1);
    if (last === undefined) return;
    this.#db.transaction(() => {
      for (const row of rows) {
        if (row.kind === 0) {
          if (row.body === null) this.#clients.remove(row.key as ClientId);
          else this.#clients.put(JSON.parse(row.body) as Client);
        } else {
          const identifier = { kind: kindOf(Number(row.key.charAt(0))), value: row.key.slice(2) };
          const { by_id: id, by_name: name, client, contact, at } = row;
          if (id === null || at === null) this.#clients.forget(identifier);
          else this.#clients.choose(identifier, client as ClientId | null, contact, { id, name: name ?? '' }, at);
        }
      }
      this.#set('place', String(last.seq));
    })();
  }

  #empty(id: string): void {
    this.#db.transaction(() => {
      for (const table of ['identifiers', 'choices', 'clients']) this.#db.exec(`DELETE FROM ${table}`);
      this.#set('store_id', id);
      this.#set('place', '0');
    })();
  }

  #place(): number {
    return Number(this.#get('place') ?? 0);
  }

  #get(name: string): string | undefined {
    const row = this.#db.prepare('SELECT value FROM meta WHERE name = ?').get(name) as { value: string } | undefined;
    return row?.value;
  }

  #set(name: string, value: string): void {
    this.#db.prepare('INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)').run(name, value);
  }
}

/** Deletes a file that cannot be opened: everything in it is also in PostgreSQL. */
function openSnapshot(path: string): Database {
  try {
    return prepared(path);
  } catch {
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true });
    return prepared(path);
  }
}

function prepared(path: string): Database {
  const db = openForWriting(path);
  db.pragma('synchronous = NORMAL');
  migrate(db);
  // Routing never searches by domain, and the index would slow down each client written.
  db.exec('DROP INDEX IF EXISTS identifiers_domain');
  return db;
}
