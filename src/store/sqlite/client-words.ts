import type { Database, Statement } from 'better-sqlite3';
import { hasWords, maxClientsFound, queryWords, searchWords } from '../../domain/directory/search-words.ts';

/** The full-text index of client names. */
export class ClientWords {
  readonly #insert: Statement;
  readonly #replace: Statement;
  readonly #remove: Statement;

  constructor(db: Database) {
    this.#insert = db.prepare('INSERT INTO client_words (rowid, words) VALUES (?, ?)');
    this.#replace = db.prepare('INSERT OR REPLACE INTO client_words (rowid, words) VALUES (?, ?)');
    this.#remove = db.prepare('DELETE FROM client_words WHERE rowid = ?');
  }

  /** `before` is the previous name, undefined for a new client. */
  put(rid: number, before: string | undefined, name: string): void {
    if (before === name) return;
    (before === undefined ? this.#insert : this.#replace).run(rid, searchWords(name).join(' '));
  }

  remove(rid: number): void {
    this.#remove.run(rid);
  }
}

/**
 * Finds clients (by `rid`) whose names contain every word of a search text, at most {@link maxClientsFound}. FTS5 alone
 * would list every match of the first word before it looks at the next: 90 ms for "ооо ромаш" among 300,000 clients.
 * Instead, the first word with few matches selects the candidates, and their names are checked for the other words.
 * FTS5 intersects only when all words are common.
 */
export function findByWords(db: Database, text: string): readonly number[] {
  const words = queryWords(text);
  const few = maxClientsFound + 1;
  const having = db
    .prepare(`SELECT doc FROM client_terms WHERE term >= ? AND term < ? LIMIT ${few}`)
    .pluck() as Statement<[string, string], number>;
  for (const word of words) {
    const found = having.all(word, `${word}\u{10ffff}`);
    if (found.length < few) return withAll(db, found, words);
    if (words.length === 1) return [...new Set(found)].slice(0, maxClientsFound);
  }
  if (words.length === 0) return [];
  const match = words.map((word) => `"${word}"*`).join(' AND ');
  return db
    .prepare(`SELECT rowid FROM client_words WHERE client_words MATCH ? LIMIT ${maxClientsFound}`)
    .pluck()
    .all(match) as number[];
}

function withAll(db: Database, rids: readonly number[], words: readonly string[]): readonly number[] {
  if (words.length === 1) return rids;
  const rows = db
    .prepare('SELECT rid, name FROM clients WHERE rid IN (SELECT value FROM json_each(?))')
    .all(JSON.stringify(rids)) as { rid: number; name: string }[];
  return rows.filter(({ name }) => hasWords(name, words)).map(({ rid }) => rid);
}
