import type { Database, Statement } from 'better-sqlite3';
import type { Identifier, Interaction } from '../../domain/interaction.ts';
import type { StaffIndex } from '../../domain/staff-index.ts';
import type { Change } from '../../domain/writes.ts';
import { most, rematched } from '../shared/relink.ts';
import type { CallWriter } from './calls.ts';
import type { InteractionTable } from './interactions.ts';

/** Gives interactions to clients that appear, change or vanish later. What a human decided stays. */
export class Relinker {
  readonly #table: InteractionTable;
  readonly #calls: CallWriter;
  readonly #byPhone: Statement<[string, number], { body: string }>;
  readonly #byEmail: Statement<[string, number], { body: string }>;
  readonly #byAccount: Statement<[string, number], { body: string }>;
  readonly #any: Statement<[], { one: number }>;

  constructor(db: Database, table: InteractionTable, calls: CallWriter) {
    this.#table = table;
    this.#calls = calls;
    const query = (column: string) =>
      `SELECT body FROM interactions WHERE ${column} = ? AND auto = 1 ORDER BY started_at DESC LIMIT ?`;
    this.#byPhone = db.prepare(query('phone'));
    this.#byEmail = db.prepare(query('email'));
    this.#byAccount = db.prepare(query('account'));
    this.#any = db.prepare('SELECT 1 AS one FROM interactions LIMIT 1');
  }

  /** Matches the interactions of these identifiers again. */
  relink(identifiers: readonly Identifier[], staff: StaffIndex, now: number): readonly Change[] {
    // Importing the directory before the first call costs nothing.
    if (this.#any.get() === undefined) return [];
    return identifiers.flatMap((identifier) =>
      this.#interactionsOf(identifier).flatMap((interaction) => this.#again(interaction, staff, now)),
    );
  }

  #interactionsOf({ kind, value }: Identifier): readonly Interaction[] {
    const byKind = { phone: this.#byPhone, email: this.#byEmail, account: this.#byAccount };
    const rows = byKind[kind].all(value, most);
    return rows
      .map((row) => JSON.parse(row.body) as Interaction)
      .filter((interaction) => interaction.mergedInto === null);
  }

  #again(before: Interaction, staff: StaffIndex, now: number): readonly Change[] {
    const after = rematched(before, this.#calls.match(before.party), staff, now);
    return after === null ? [] : [this.#table.save(before, after, now, 'auto', 'match')];
  }
}
