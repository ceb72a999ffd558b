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

/** Passes writes to their steps, with the tables of one connection and the managers and lines as of its transaction. */
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

  /** Returns the leads and tasks that changed since the last call. */
  followUps(): readonly FollowUp[] {
    return this.#tables.followUps.takeChanged();
  }

  /** Restores in-memory state after a rollback. */
  reload(): void {
    this.#tables.reload();
    this.#staff = new StaffIndex(savedStaff(this.#db), this.#country);
  }

  /**
   * Carries out one write. Returns what changed, or why the write is refused; in that case, and if it rejects, the
   * caller must roll back.
   */
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
