import type { Database, Statement } from 'better-sqlite3';
import type { RelinkPlace } from '../../domain/directory/rematch.ts';
import { maxRematched } from '../../domain/directory/rematch.ts';
import type { Identifier, Interaction } from '../../domain/interaction/interaction.ts';
import type { RelinkTable } from '../../domain/ports/directory-tables.ts';
import { kindNumbers, kindOf } from '../shared/identifiers.ts';
import { parseInteraction } from '../shared/interaction-body.ts';

type ByKind<T> = Readonly<Record<Identifier['kind'], T>>;

/** Interactions whose identifiers must be matched again, and the progress of that work. */
export class SqliteRelinkTable implements RelinkTable {
  readonly #matched: ByKind<Statement<[string, string, string], { body: string }>>;
  readonly #decided: ByKind<Statement<[string, number], { body: string }>>;
  readonly #any: Statement<[], { one: number }>;
  readonly #waiting: Statement<[], { kind: number; value: string; started_at: string; interaction: string }>;
  readonly #wait: Statement;
  readonly #done: Statement;

  constructor(db: Database) {
    // Fetching one row more shows whether there are others.
    const matched = (column: string): Statement<[string, string, string], { body: string }> =>
      db.prepare(`SELECT body FROM interactions WHERE ${column} = ? AND auto = 1 AND (started_at, id) < (?, ?)
        ORDER BY started_at DESC, id DESC LIMIT ${maxRematched + 1}`);
    this.#matched = { phone: matched('phone'), email: matched('email'), account: matched('account') };
    const decided = (column: string): Statement<[string, number], { body: string }> =>
      db.prepare(
        `SELECT body FROM interactions WHERE ${column} = ? AND auto = 0 ORDER BY started_at DESC, id DESC LIMIT ?`,
      );
    this.#decided = { phone: decided('phone'), email: decided('email'), account: decided('account') };
    this.#any = db.prepare('SELECT 1 AS one FROM interactions LIMIT 1');
    this.#waiting = db.prepare('SELECT * FROM relinks LIMIT 1');
    this.#wait = db.prepare(
      'INSERT OR REPLACE INTO relinks (kind, value, started_at, interaction) VALUES (?, ?, ?, ?)',
    );
    this.#done = db.prepare('DELETE FROM relinks WHERE kind = ? AND value = ?');
  }

  /**
   * When the directory is imported before the first call, there is nothing to match. Otherwise a check would cost as
   * much as the work.
   */
  withAutomaticMatches(identifiers: readonly Identifier[]): readonly Identifier[] {
    return this.#any.get() === undefined ? [] : identifiers;
  }

  matchedByMachine({ kind, value }: Identifier, from: RelinkPlace, limit: number) {
    const found: Interaction[] = [];
    for (const { body } of this.#matched[kind].iterate(value, from.startedAt, from.id)) {
      if (found.length === limit) return { found, more: true };
      found.push(parseInteraction(body));
    }
    return { found, more: false };
  }

  decidedByHuman({ kind, value }: Identifier, limit: number): readonly Interaction[] {
    return this.#decided[kind].all(value, limit).map(({ body }) => parseInteraction(body));
  }

  postpone({ kind, value }: Identifier, { startedAt, id }: RelinkPlace): void {
    this.#wait.run(kindNumbers[kind], value, startedAt, id);
  }

  takePostponed() {
    const row = this.#waiting.get();
    if (row === undefined) return null;
    this.#done.run(row.kind, row.value);
    const { kind, value, started_at: startedAt, interaction: id } = row;
    return { identifier: { kind: kindOf(kind), value }, from: { startedAt, id } };
  }
}
