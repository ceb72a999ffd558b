import { rmSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import { type ClientId, lowestId } from '../../domain/base/ids.ts';
import type { Client } from '../../domain/directory/client.ts';
import type { Connection } from '../postgres/connect.ts';
import { kindOf } from '../shared/identifiers.ts';
import { keptFromName } from '../shared/kept.ts';
import { ClientIndex } from '../sqlite/clients.ts';
import { openForWriting } from '../sqlite/connect.ts';
import { migrate } from '../sqlite/migrate.ts';

const pageSize = 500;

/** The last talk of a number. */
interface Talk {
  readonly id: string;
  readonly revision: number;
  readonly direction: string;
  readonly state: string;
  readonly at: string;
  readonly manager: string;
}

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
  readonly talk: Talk | null;
}

/** Kinds of log entries: a client, a person's choice for an identifier, or the last talk of a number. */
const kinds = { client: 0, choice: 1, talk: 2 } as const;
/** How many calls of a number are searched for a talk. */
const maxCalls = 200;

/** One page of both logs in commit order, each entry with the current state of its subject. */
const pageSql = `SELECT l.kind, l.key, l.seq, c.body, h.client, h.contact, h.by_id, h.by_name, h.at, t.talk
  FROM (SELECT kind, key, seq FROM directory_log WHERE seq > $1
    UNION ALL SELECT ${kinds.talk}, phone, seq FROM talk_log WHERE seq > $1 ORDER BY seq LIMIT ${pageSize}) l
  LEFT JOIN clients c ON l.kind = ${kinds.client} AND c.id = l.key
  LEFT JOIN choices h ON l.kind = ${kinds.choice} AND l.key = h.kind || ' ' || h.value
  LEFT JOIN LATERAL (
    SELECT to_json(i) AS talk FROM (
      SELECT id, revision, direction, state, started_at AS at, body::json #>> '{handledBy,id}' AS manager FROM interactions
      WHERE l.kind = ${kinds.talk} AND phone = l.key AND channel = 'call' ORDER BY started_at DESC LIMIT ${maxCalls}) i
    WHERE i.manager IS NOT NULL ORDER BY i.at DESC LIMIT 1) t ON true
  ORDER BY l.seq`;

/**
 * The local copy of the client directory and of each number's last talk, for routing: a cache that follows their logs in commit
 * order.
 */
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
    const { rows } = await connection.query<{ id: string; last: number; kept: string | null }>(
      `SELECT (SELECT value FROM meta WHERE name = 'store_id') AS id, (SELECT value FROM meta WHERE name = '${keptFromName}') AS kept,
         greatest((SELECT max(seq) FROM directory_log), (SELECT max(seq) FROM talk_log), 0) AS last`,
    );
    const { id = '', last = 0, kept = null } = rows[0] ?? {};
    if (this.#get('store_id') !== id || this.#place() > last) this.#empty(id);
    for (;;) {
      const page = await connection.query<LogRow>(pageSql, [this.#place()]);
      this.#take(page.rows);
      if (page.rows.length < pageSize) break;
    }
    if (kept !== null && this.#get(keptFromName) !== kept) this.#forgetBefore(kept);
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
        if (row.kind === kinds.talk) {
          this.#putTalk(row.key, row.talk);
        } else if (row.kind === kinds.client) {
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

  /** An interaction reduced to what routing reads of it. */
  #putTalk(phone: string, talk: Talk | null): void {
    this.#db.prepare('DELETE FROM interactions WHERE phone = ?').run(phone);
    if (talk === null) return;
    const { id, revision, direction, state, at, manager } = talk;
    this.#db
      .prepare(
        `INSERT OR REPLACE INTO interactions (id, revision, channel, direction, state, started_at, phone, live, auto, body)
         VALUES (?, ?, 'call', ?, ?, ?, ?, 0, 0, ?)`,
      )
      .run(id, revision, direction, state, at, phone, JSON.stringify({ handledBy: { id: manager } }));
  }

  /** Removes the talks of calls that the store has removed. `kept` is the start of what it keeps, see {@link keptFromName}. */
  #forgetBefore(kept: string): void {
    this.#db.transaction(() => {
      this.#db.prepare('DELETE FROM interactions WHERE id < ?').run(lowestId(Number(kept)));
      this.#set(keptFromName, kept);
    })();
  }

  #empty(id: string): void {
    this.#db.transaction(() => {
      for (const table of ['identifiers', 'choices', 'clients', 'interactions']) this.#db.exec(`DELETE FROM ${table}`);
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
