import type { Database } from 'better-sqlite3';
import { searchWords } from '../../domain/directory/search-words.ts';
import { type Migration, readMigrations } from '../shared/migration.ts';

let known: readonly Migration[] | null = null;

/**
 * The migrations that this program knows, read once from `migrations/`. A thread that `tsx` runs from a bundle cannot
 * find that folder, so it receives them from the main thread.
 */
export function knownMigrations(): readonly Migration[] {
  known ??= readMigrations(new URL('./migrations/', import.meta.url));
  return known;
}

/** The schema version that this program writes. */
export function schemaVersion(): number {
  return versionOfLast(knownMigrations());
}

const versionOfLast = (list: readonly Migration[]) => list.at(-1)?.version ?? 0;
const versionOf = (db: Database) => db.pragma('user_version', { simple: true }) as number;

/** The names of the migrations that a database lacks. */
export function pendingMigrations(db: Database): readonly string[] {
  const current = versionOf(db);
  return knownMigrations()
    .filter(({ version }) => version > current)
    .map(({ name }) => name);
}

/** Options of {@link migrate}. */
export interface MigrateOptions {
  /** The known migrations; {@link knownMigrations} by default. */
  readonly list?: readonly Migration[];
  /** Stop at this version; for repairs, and tests of later migrations. */
  readonly upTo?: number;
}

/**
 * Migrates a database in one transaction, even if two programs start at once. Returns the names of the applied
 * migrations.
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
          `the database has schema ${current}, this program knows ${last}: it was written by a newer Patchbay; start the newer version`,
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
