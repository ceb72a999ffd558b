import type { Database, Statement } from 'better-sqlite3';
import { holdMemory, isHeldAgainst, type NumberHold } from '../../domain/call/number-hold.ts';
import type { Attribution } from '../../domain/interaction/interaction.ts';
import { type Refusal, refuse } from '../../domain/ports/refusal.ts';
import { type HoldRow, holdOf } from '../shared/number-holds.ts';

/** Which visit is shown which number, and was. */
export class NumberHoldTable {
  readonly #at: Statement<[string, number], HoldRow>;
  readonly #put: Statement;
  readonly #drop: Statement;

  constructor(db: Database) {
    this.#at = db.prepare('SELECT * FROM number_holds WHERE number = ? AND from_at <= ? ORDER BY from_at DESC LIMIT 1');
    this.#put = db.prepare(
      `INSERT INTO number_holds (number, from_at, until_at, visit, marks) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (number, from_at) DO UPDATE SET until_at = excluded.until_at, marks = excluded.marks`,
    );
    this.#drop = db.prepare('DELETE FROM number_holds WHERE until_at < ?');
  }

  /** Gives a visit a number, or lets it keep the one it has; refused while another visit has it. */
  hold(hold: NumberHold): Refusal | null {
    // The latest of all: two that ask at once may come in another order than their clocks say.
    const held = this.#latest(hold.number, Number.MAX_SAFE_INTEGER);
    if (isHeldAgainst(held, hold)) return refuse('conflict', 'another visit is shown this number');
    const from = held !== null && held.until >= hold.from ? held.from : hold.from;
    this.#drop.run(hold.from - holdMemory);
    this.#put.run(hold.number, from, hold.until, hold.visit, JSON.stringify(hold.marks));
    return null;
  }

  /** Marks of the visit that was shown a number at a moment, or null. */
  marksAt(number: string, at: number): Attribution | null {
    const held = this.#latest(number, at);
    return held === null || held.until < at ? null : held.marks;
  }

  #latest(number: string, at: number): NumberHold | null {
    const row = this.#at.get(number, at);
    return row === undefined ? null : holdOf(row);
  }
}
