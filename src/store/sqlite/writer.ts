import type { Database } from 'better-sqlite3';
import type { Awaitable } from '../../domain/base/awaitable.ts';
import type { Staff } from '../../domain/directory/manager.ts';
import { StaffIndex } from '../../domain/directory/staff-index.ts';
import type { FollowUp } from '../../domain/follow-up/follow-up.ts';
import type { Outcome } from '../../domain/ports/refusal.ts';
import type { CarryOut } from '../../domain/ports/tables.ts';
import type { WriteSettings } from '../../domain/ports/write-settings.ts';
import { Forgetting } from './forgetting.ts';
import { SqliteTables, savedStaff } from './tables.ts';
import { ViewerTable } from './viewers.ts';
import type { SqliteWrite } from './writer-protocol.ts';

/** Hands writes to their steps, with the tables of one connection and the managers and lines as they stand in its transaction. */
export class Writer {
  readonly #db: Database;
  readonly #country: string;
  readonly #steps: CarryOut;
  readonly #tables: SqliteTables;
  readonly #forgetting: Forgetting;
  #staff: StaffIndex;

  constructor(db: Database, { country, sources = [] }: WriteSettings, steps: CarryOut) {
    const viewers = new ViewerTable(db, (line) => this.#staff.knowsLine(line));
    this.#db = db;
    this.#country = country;
    this.#steps = steps;
    this.#tables = new SqliteTables(db, viewers, sources);
    this.#forgetting = new Forgetting(db, viewers);
    this.#staff = new StaffIndex(savedStaff(db), country);
  }

  /** The leads and tasks that the writes since the last call changed. */
  followUps(): readonly FollowUp[] {
    return this.#tables.followUps.taken();
  }

  /** Reads again what was set in memory for a transaction that did not happen. */
  reload(): void {
    this.#tables.reload();
    this.#staff = new StaffIndex(savedStaff(this.#db), this.#country);
  }

  /** Carries one write out: what it changed, or why it is refused; then, and where it rejects, all it did has to be undone. */
  carryOut(write: SqliteWrite, now: number): Awaitable<Outcome> {
    if (write.op === 'forget') {
      this.#forgetting.carryOut(write);
      return [];
    }
    const outcome = this.#steps(write, this.#tables, this.#staff, now);
    return write.op === 'staff' ? this.#withStaff(write.staff, outcome) : outcome;
  }

  async #withStaff(staff: Staff, outcome: Awaitable<Outcome>): Promise<Outcome> {
    const done = await outcome;
    this.#staff = new StaffIndex(staff, this.#country);
    return done;
  }
}
