import type { Database, Statement } from 'better-sqlite3';
import type { ClientId } from '../../domain/base/ids.ts';
import { afterAttempt } from '../../domain/delivery/after-attempt.ts';
import type { OwedState, SubjectKind } from '../../domain/delivery/delivery.ts';
import type { LedgerSubject } from '../../domain/delivery/ledger.ts';
import type { DeliveredWrite, DestinationsWrite } from '../../domain/ports/operation-writes.ts';
import type { OwedTable } from '../../domain/ports/tables.ts';
import { failureColumns, type OwedRow, wantsOf, wantsText } from '../shared/owed.ts';

const wake = "UPDATE owed SET state = 'due', attempts = 0, next_at = ?, updated_at = ? WHERE";

/** Deliveries: one row per subject and destination, however often the subject changes. */
export class SqliteOwedTable implements OwedTable {
  readonly #db: Database;
  readonly #owe: Statement;
  readonly #get: Statement<[string, string, string], OwedRow>;
  readonly #finish: Statement;
  /** The destinations that want each kind. */
  #wanting = new Map<SubjectKind, readonly string[]>();

  constructor(db: Database) {
    this.#db = db;
    // A new revision is due at once, even if an older one was parked. A failing delivery keeps its back-off.
    this.#owe =
      db.prepare(`INSERT INTO owed (destination, kind, subject, revision, state, next_at, updated_at, urgent_until) VALUES (?, ?, ?, coalesce(?, 1), 'due', ?, ?, ?)
      ON CONFLICT (destination, kind, subject) DO UPDATE SET revision = coalesce(?, revision + 1), updated_at = excluded.updated_at,
        urgent_until = CASE WHEN state = 'due' THEN max(urgent_until, excluded.urgent_until) ELSE excluded.urgent_until END,
        attempts = CASE WHEN state = 'due' THEN attempts ELSE 0 END,
        next_at = CASE WHEN state = 'due' AND attempts > 0 THEN next_at ELSE excluded.next_at END, state = 'due'`);
    this.#get = db.prepare('SELECT * FROM owed WHERE destination = ? AND kind = ? AND subject = ?');
    this.#finish = db.prepare(
      'UPDATE owed SET delivered = ?, state = ?, attempts = ?, next_at = ?, error = ?, reason = ?, updated_at = ? WHERE rid = ?',
    );
    this.reload();
  }

  /** Rereads which destinations want which kinds: at the start and after a rollback. */
  reload(): void {
    const rows = this.#db.prepare('SELECT name, wants FROM destinations').all() as { name: string; wants: string }[];
    const kinds = new Set(rows.flatMap(({ wants }) => wantsOf(wants)));
    const wanting = (kind: SubjectKind) => rows.filter(({ wants }) => wantsOf(wants).includes(kind));
    this.#wanting = new Map([...kinds].map((kind) => [kind, wanting(kind).map(({ name }) => name)]));
  }

  setDestinations({ names, wants }: DestinationsWrite): void {
    this.#db.prepare('DELETE FROM destinations').run();
    const insert = this.#db.prepare('INSERT OR IGNORE INTO destinations (name, wants) VALUES (?, ?)');
    for (const name of names) insert.run(name, wantsText(wants, name));
    this.reload();
  }

  oweErasure(client: ClientId, at: number): void {
    this.owe('client_erasure', client, null, at);
  }

  /**
   * Makes a new revision of a subject due at each destination that wants its kind. `revision` is null for subjects
   * without revisions; each call then counts as the next one. See {@link urgentUntil} for `urgent`.
   */
  owe(kind: SubjectKind, subject: string, revision: number | null, at: number, urgent = 0): void {
    for (const destination of this.#wanting.get(kind) ?? [])
      this.#owe.run(destination, kind, subject, revision, at, at, urgent, revision);
  }

  finish({ destination, kind, subject, revision, outcome, at }: DeliveredWrite): boolean {
    const row = this.#get.get(destination, kind, subject);
    if (row === undefined) return false;
    const { delivered, state, attempts, nextAt, reason } = afterAttempt(row, revision, outcome, at);
    this.#finish.run(delivered, state, attempts, nextAt, ...failureColumns(reason), at, row.rid);
    return true;
  }

  wake(id: string, at: number): boolean {
    return this.#db.prepare(`${wake} rid = ? AND state <> 'done'`).run(at, at, Number(id)).changes > 0;
  }

  wakeParked(destination: string, at: number): boolean {
    return this.#db.prepare(`${wake} destination = ? AND state = 'parked'`).run(at, at, destination).changes > 0;
  }

  wakeSkipped({ destination, kind, subject }: LedgerSubject, at: number): void {
    const where = "destination = ? AND kind = ? AND subject = ? AND state = 'skipped'";
    this.#db.prepare(`${wake} ${where}`).run(at, at, destination, kind, subject);
  }

  state(id: string): OwedState | null {
    const row = this.#db.prepare('SELECT state FROM owed WHERE rid = ?').get(Number(id)) as
      | { state: OwedState }
      | undefined;
    return row?.state ?? null;
  }

  again({ destination, kind, subject }: LedgerSubject, at: number): OwedState | null {
    const row = this.#get.get(destination, kind, subject);
    if (row?.state === 'done') this.#db.prepare(`${wake} rid = ?`).run(at, at, row.rid);
    return row?.state ?? null;
  }
}
