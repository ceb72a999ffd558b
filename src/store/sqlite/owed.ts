import type { Database, Statement } from 'better-sqlite3';
import { afterAttempt } from '../../domain/delivery/after-attempt.ts';
import type { DeliveryOutcome, OwedState, SubjectKind } from '../../domain/delivery/delivery.ts';
import type { Refusal } from '../../domain/ports/refusal.ts';
import { notRetried, type OwedRow } from '../shared/owed.ts';

/** What destinations are owed: one row a subject and destination, however often it changes. */
export class OwedTable {
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

  /** Sets who is owed everything from now on. */
  setDestinations(names: readonly string[]): void {
    this.#db.prepare('DELETE FROM destinations').run();
    const insert = this.#db.prepare('INSERT OR IGNORE INTO destinations (name) VALUES (?)');
    for (const name of names) insert.run(name);
    this.#destinations = names;
  }

  owe(kind: SubjectKind, subject: string, revision: number, at: number): void {
    for (const destination of this.#destinations) this.#owe.run(destination, kind, subject, revision, at, at);
  }

  /** Notes how a delivery ended. False when nothing of the kind is owed. */
  finish(
    destination: string,
    kind: SubjectKind,
    subject: string,
    revision: number,
    outcome: DeliveryOutcome,
    at: number,
  ): boolean {
    const row = this.#get.get(destination, kind, subject);
    if (row === undefined) return false;
    const { delivered, state, attempts, nextAt, error } = afterAttempt(row, revision, outcome, at);
    this.#finish.run(delivered, state, attempts, nextAt, error, at, row.rid);
    return true;
  }

  /** Makes one row due now, or (`destination:NAME`) all parked rows of a destination. Null when that was done. */
  retry(id: string, at: number): Refusal | null {
    const all = /^destination:(.+)$/.exec(id)?.[1];
    const update = "UPDATE owed SET state = 'due', attempts = 0, next_at = ?, updated_at = ? WHERE";
    if (all !== undefined) {
      const { changes } = this.#db.prepare(`${update} destination = ? AND state = 'parked'`).run(at, at, all);
      return changes > 0 ? null : notRetried(id, null);
    }
    const { changes } = this.#db.prepare(`${update} rid = ? AND state <> 'done'`).run(at, at, Number(id));
    if (changes > 0) return null;
    const row = this.#db.prepare('SELECT state FROM owed WHERE rid = ?').get(Number(id)) as
      | { state: OwedState }
      | undefined;
    return notRetried(id, row?.state ?? null);
  }
}
