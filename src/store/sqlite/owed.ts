import type { Database, Statement } from 'better-sqlite3';
import type { DeliveryOutcome, OwedState, SubjectKind } from '../../domain/delivery/delivery.ts';
import type { Refusal } from '../shared/decisions.ts';
import { afterAttempt, type DestinationsWrite, notRetried, type OwedRow, wantsOf, wantsText } from '../shared/owed.ts';

/** What destinations are owed: one row a subject and destination, however often it changes. */
export class OwedTable {
  readonly #db: Database;
  readonly #owe: Statement;
  readonly #get: Statement<[string, string, string], OwedRow>;
  readonly #finish: Statement;
  /** Who wants each kind. */
  #wanting = new Map<SubjectKind, readonly string[]>();

  constructor(db: Database) {
    this.#db = db;
    // A new revision is due at once, also where an old one was parked or waits for its next try.
    this.#owe =
      db.prepare(`INSERT INTO owed (destination, kind, subject, revision, state, next_at, updated_at) VALUES (?, ?, ?, coalesce(?, 1), 'due', ?, ?)
      ON CONFLICT (destination, kind, subject) DO UPDATE SET revision = coalesce(?, revision + 1), updated_at = excluded.updated_at,
        attempts = CASE WHEN state = 'due' THEN attempts ELSE 0 END,
        next_at = CASE WHEN state = 'due' AND attempts > 0 THEN next_at ELSE excluded.next_at END, state = 'due'`);
    this.#get = db.prepare('SELECT * FROM owed WHERE destination = ? AND kind = ? AND subject = ?');
    this.#finish = db.prepare(
      'UPDATE owed SET delivered = ?, state = ?, attempts = ?, next_at = ?, error = ?, updated_at = ? WHERE rid = ?',
    );
    this.reload();
  }

  /** Reads again who is owed what: at the start, and after a transaction that did not happen. */
  reload(): void {
    const rows = this.#db.prepare('SELECT name, wants FROM destinations').all() as { name: string; wants: string }[];
    const kinds = new Set(rows.flatMap(({ wants }) => wantsOf(wants)));
    const wanting = (kind: SubjectKind) => rows.filter(({ wants }) => wantsOf(wants).includes(kind));
    this.#wanting = new Map([...kinds].map((kind) => [kind, wanting(kind).map(({ name }) => name)]));
  }

  /** Sets who is owed what from now on. */
  setDestinations({ names, wants }: DestinationsWrite): void {
    this.#db.prepare('DELETE FROM destinations').run();
    const insert = this.#db.prepare('INSERT OR IGNORE INTO destinations (name, wants) VALUES (?, ?)');
    for (const name of names) insert.run(name, wantsText(wants, name));
    this.reload();
  }

  /** `revision` null: what has none of its own; each time counts as the next one. */
  owe(kind: SubjectKind, subject: string, revision: number | null, at: number): void {
    for (const destination of this.#wanting.get(kind) ?? [])
      this.#owe.run(destination, kind, subject, revision, at, at, revision);
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
