import type { Database } from 'better-sqlite3';
import { searchWords } from '../../domain/directory/search-words.ts';
import { type Migration, readMigrations } from '../shared/migration.ts';

let known: readonly Migration[] | null = null;

/** The steps that this program knows. They are read once from `migrations/`, which a bundled thread of `tsx` does not find: it is handed them. */
export function knownMigrations(): readonly Migration[] {
  known ??= readMigrations(new URL('./migrations/', import.meta.url));
  return known;
}

/** The schema this program writes. */
export function schemaVersion(): number {
  return versionOfLast(knownMigrations());
}

const versionOfLast = (list: readonly Migration[]) => list.at(-1)?.version ?? 0;
const versionOf = (db: Database) => db.pragma('user_version', { simple: true }) as number;

/** The steps a database still lacks, by name. */
export function pendingMigrations(db: Database): readonly string[] {
  const current = versionOf(db);
  return knownMigrations()
    .filter(({ version }) => version > current)
    .map(({ name }) => name);
}

/** How a schema is changed. */
export interface MigrateOptions {
  /** The steps the program knows; by default {@link knownMigrations}. */
  readonly list?: readonly Migration[];
  /** Up to an older version, for who tests the later steps. */
  readonly upTo?: number;
}

/**
 * Brings a database up to date in one transaction, also where two programs start at once; answers the names of the steps
 * taken.
 */
export function migrate(db: Database, options: MigrateOptions = {}): readonly string[] {
  const { list = knownMigrations(), upTo = Number.POSITIVE_INFINITY } = options;
  const last = versionOfLast(list);
  if (versionOf(db) === last) return [];
  db.function('search_words', { deterministic: true }, (name) => searchWords(String(name)).join(' '));
  return db
    .transaction(() => {
      const current = versionOf(db);
      if (current > last) {
        throw new Error(
          `the database has schema ${current}, this program knows ${last}: it was written by a newer Patchbay; start that one`,
        );
      }
      const todo = list.filter(({ version }) => version > current && version <= upTo);
      for (const { sql, version } of todo) {
        db.exec(sql);
        db.pragma(`user_version = ${version}`);
      }
      return todo.map(({ name }) => name);
    })
    .immediate();
}
