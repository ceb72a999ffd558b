import type { IndexedText } from '../../domain/ports/operation-writes.ts';
import type { SearchTable } from '../../domain/ports/tables.ts';
import type { Condition } from '../../domain/search/question.ts';
import { filledName, matchOf } from '../shared/search.ts';
import type { SqlQuery } from '../shared/sql-query.ts';
import type { Connection } from './connect.ts';

/** Contacts that are gone, or still as they were when their words were read. */
const settled = `SELECT e.id, e.words, i.started_at FROM unnest($1::text[], $2::int[], $3::text[]) e (id, revision, words)
  LEFT JOIN interactions i ON i.id = e.id WHERE i.id IS NULL OR i.revision = e.revision`;

/** The words of contacts as `tsvector`. They come prepared, so the server's dictionaries have no part in it. */
export class PostgresSearchTable implements SearchTable {
  readonly #db: Connection;

  constructor(db: Connection) {
    this.#db = db;
  }

  async index(texts: readonly IndexedText[]): Promise<void> {
    if (texts.length === 0) return;
    await this.#db.query({
      name: 'index texts',
      text: `WITH settled AS (${settled}), done AS (DELETE FROM search_waiting w USING settled s WHERE w.interaction = s.id)
        INSERT INTO search_texts (interaction, started_at, words)
        SELECT id, started_at, array_to_tsvector(string_to_array(words, ' ')) FROM settled WHERE started_at IS NOT NULL AND words IS NOT NULL
        ON CONFLICT (interaction) DO UPDATE SET started_at = excluded.started_at, words = excluded.words
        WHERE search_texts.words <> excluded.words OR search_texts.started_at <> excluded.started_at`,
      values: [texts.map((one) => one.interaction), texts.map((one) => one.revision), texts.map((one) => one.words)],
    });
  }

  async putFilled(place: string): Promise<void> {
    await this.#db.query(
      'INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
      [filledName, place],
    );
  }
}

/** Selects contacts by their words, newest first, after a place. */
export function selectTexts(
  conditions: readonly Condition[],
  after: readonly string[] | null,
  limit: number,
): SqlQuery {
  const match = matchOf(conditions, {
    term: ({ word, isPrefix }) => `'${word}'${isPrefix ? ':*' : ''}`,
    and: '&',
    or: '|',
  });
  const place = after?.length === 2 ? after : null;
  return {
    sql: `SELECT started_at, interaction AS id FROM search_texts WHERE words @@ ?::tsquery
      ${place === null ? '' : 'AND (started_at, interaction) < (?, ?)'} ORDER BY started_at DESC, interaction DESC LIMIT ?`,
    values: [match, ...(place ?? []), limit],
  };
}
