import type { Database, Statement } from 'better-sqlite3';
import type { IndexedText } from '../../domain/ports/operation-writes.ts';
import type { SearchTable } from '../../domain/ports/tables.ts';
import type { Condition } from '../../domain/search/question.ts';
import { type FoundText, filledName, matchOf } from '../shared/search.ts';
import type { SqlQuery } from '../shared/sql-query.ts';

/** Contacts of one millisecond that have places of their own; more move into the following ones. */
const perMillisecond = 4096;

/**
 * The words of contacts in FTS5. Its row ids are made from the contacts' times, because FTS5 lists matches in the order of row ids:
 * the newest are found without reading the others.
 */
export class SqliteSearchTable implements SearchTable {
  readonly #contact: Statement<[string], { revision: number; started_at: string }>;
  readonly #rid: Statement<[string], number>;
  readonly #taken: Statement<[number], number>;
  readonly #put: Statement;
  readonly #putWords: Statement;
  readonly #drop: Statement;
  readonly #dropWords: Statement;
  readonly #done: Statement;
  readonly #note: Statement;

  constructor(db: Database) {
    this.#contact = db.prepare('SELECT revision, started_at FROM interactions WHERE id = ?');
    this.#rid = db.prepare('SELECT rid FROM search_texts WHERE interaction = ?').pluck() as Statement<[string], number>;
    this.#taken = db.prepare('SELECT 1 FROM search_texts WHERE rid = ?').pluck() as Statement<[number], number>;
    this.#put = db.prepare('INSERT INTO search_texts (rid, interaction) VALUES (?, ?)');
    this.#putWords = db.prepare('INSERT OR REPLACE INTO search_words (rowid, words) VALUES (?, ?)');
    this.#drop = db.prepare('DELETE FROM search_texts WHERE rid = ?');
    this.#dropWords = db.prepare('DELETE FROM search_words WHERE rowid = ?');
    this.#done = db.prepare('DELETE FROM search_waiting WHERE interaction = ?');
    this.#note = db.prepare('INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)');
  }

  index(texts: readonly IndexedText[]): void {
    for (const { interaction, revision, words } of texts) {
      const contact = this.#contact.get(interaction);
      if (contact !== undefined && contact.revision !== revision) continue;
      this.#done.run(interaction);
      if (contact !== undefined && words !== null)
        this.#putWords.run(this.#placeOf(interaction, contact.started_at), words);
    }
  }

  putFilled(place: string): void {
    this.#note.run(filledName, place);
  }

  /** The row id of a contact; a new one if its time has changed. */
  #placeOf(interaction: string, startedAt: string): number {
    const first = Date.parse(startedAt) * perMillisecond;
    const had = this.#rid.get(interaction);
    if (had !== undefined && had >= first && had < first + perMillisecond) return had;
    if (had !== undefined) {
      this.#dropWords.run(had);
      this.#drop.run(had);
    }
    let rid = first;
    while (this.#taken.get(rid) !== undefined) rid += 1;
    this.#put.run(rid, interaction);
    return rid;
  }
}

/** Selects contacts by their words, newest first, after a place. */
export function selectTexts(
  conditions: readonly Condition[],
  after: readonly string[] | null,
  limit: number,
): SqlQuery {
  const match = matchOf(conditions, {
    term: ({ word, isPrefix }) => `"${word}"${isPrefix ? '*' : ''}`,
    and: 'AND',
    or: 'OR',
  });
  const rowid = after === null ? '' : 'AND w.rowid < CAST(? AS INTEGER)';
  return {
    sql: `SELECT CAST(w.rowid AS TEXT) AS rid, t.interaction AS id FROM search_words w JOIN search_texts t ON t.rid = w.rowid
      WHERE search_words MATCH ? ${rowid} ORDER BY w.rowid DESC LIMIT ?`,
    values: [match, ...(after ?? []).slice(0, 1), limit],
  };
}

/** Turns the rows of {@link selectTexts} into what was found. */
export function foundTexts(rows: readonly { rid: string; id: string }[]): readonly FoundText[] {
  return rows.map(({ rid, id }) => ({ place: [rid], id }));
}
