import type { Database, Statement } from 'better-sqlite3';
import { afterAttempt } from '../../domain/delivery/after-attempt.ts';
import type { OwedState, SubjectKind } from '../../domain/delivery/delivery.ts';
import type { DeliveredWrite } from '../../domain/ports/operation-writes.ts';
import type { OwedTable } from '../../domain/ports/tables.ts';
import type { OwedRow } from '../shared/owed.ts';

const wake = "UPDATE owed SET state = 'due', attempts = 0, next_at = ?, updated_at = ? WHERE";

/** What destinations are owed: one row a subject and destination, however often it changes. */
export class SqliteOwedTable implements OwedTable {
  readonly #db: Database;
  readonly #owe: Statement;
  readonly #get: Statement<[string, string, string], OwedRow>;
  readonly #finish: Statement;
  #destinations: readonly string[] = [];

  constructor(db: Database) {
    this.#db = db;
    // A new revision is due at once, also where an old one was parked or waits for its next try.
    this.#owe =
      db.prepare(`INSERT INTO owed (destination, kind, subject, revision, state, next_at, updated_at) VALUES (?, ?, ?, ?, 'due', ?, ?)
      ON CONFLICT (destination, kind, subject) DO UPDATE SET revision = excluded.revision, updated_at = excluded.updated_at,
        attempts = CASE WHEN state = 'due' THEN attempts ELSE 0 END,
        next_at = CASE WHEN state = 'due' AND attempts > 0 THEN next_at ELSE excluded.next_at END, state = 'due'`);
    this.#get = db.prepare('SELECT * FROM owed WHERE destination = ? AND kind = ? AND subject = ?');
    this.#finish = db.prepare(
      'UPDATE owed SET delivered = ?, state = ?, attempts = ?, next_at = ?, error = ?, updated_at = ? WHERE rid = ?',
    );
    this.#destinations = (db.prepare('SELECT name FROM destinations').all() as { name: string }[]).map(
      (row) => row.name,
    );
  }

  /** Reads again who is owed everything: after a transaction that did not happen. */
  reload(): void {
    this.#destinations = (this.#db.prepare('SELECT name FROM destinations').all() as { name: string }[]).map(
      (row) => row.name,
    );
  }

  setDestinations(names: readonly string[]): void {
    this.#db.prepare('DELETE FROM destinations').run();
    const insert = this.#db.prepare('INSERT OR IGNORE INTO destinations (name) VALUES (?)');
    for (const name of names) insert.run(name);
    this.#destinations = names;
  }

  /** A new revision of a subject is due at each destination. */
  owe(kind: SubjectKind, subject: string, revision: number, at: number): void {
    for (const destination of this.#destinations) this.#owe.run(destination, kind, subject, revision, at, at);
  }

  finish({ destination, kind, subject, revision, outcome, at }: DeliveredWrite): boolean {
    const row = this.#get.get(destination, kind, subject);
    if (row === undefined) return false;
    const { delivered, state, attempts, nextAt, error } = afterAttempt(row, revision, outcome, at);
    this.#finish.run(delivered, state, attempts, nextAt, error, at, row.rid);
    return true;
  }

  wake(id: string, at: number): boolean {
    return this.#db.prepare(`${wake} rid = ? AND state <> 'done'`).run(at, at, Number(id)).changes > 0;
  }

  wakeParked(destination: string, at: number): boolean {
    return this.#db.prepare(`${wake} destination = ? AND state = 'parked'`).run(at, at, destination).changes > 0;
  }

  state(id: string): OwedState | null {
    const row = this.#db.prepare('SELECT state FROM owed WHERE rid = ?').get(Number(id)) as
      | { state: OwedState }
      | undefined;
    return row?.state ?? null;
  }
}
