import { searchWords } from '../../domain/directory/search-words.ts';
import { type Migration, readMigrations } from '../shared/migration.ts';
import type { Connection } from './connect.ts';

/**
 * A migration that may also need code. `expand` keeps the previous version of the program working: it only adds
 * things with defaults, or that nobody has to fill in. `contract` removes what the previous version still uses. It is
 * applied when no older program runs, and the program that brings it must also work without it.
 */
export interface PostgresMigration extends Migration {
  readonly phase: 'expand' | 'contract';
  /** Existing tables that it reads or rewrites completely. Nobody can commit meanwhile. */
  readonly touches?: readonly string[];
  readonly fill?: (connection: Connection) => Promise<void>;
}

/** The code of migrations that need more than SQL, by version. */
const fills: ReadonlyMap<number, PostgresMigration['fill']> = new Map([[3, fillWords]]);

/**
 * The migrations in `migrations/`. They mean the same as SQLite's, with some differences. Interactions are
 * partitioned by the month in their id (a UUIDv7), so that a lookup by id reads one partition, and a month can be
 * detached. Identifiers reference clients by id. Two logs tell other instances what a commit changed. Text is
 * compared bytewise, as in SQLite.
 */
export const migrations: readonly PostgresMigration[] = readMigrations(new URL('./migrations/', import.meta.url)).map(
  ({ header, ...migration }) => {
    const [phase, touches, fill] = [header.get('phase'), header.get('touches'), fills.get(migration.version)];
    if (phase !== 'expand' && phase !== 'contract')
      throw new Error(
        `migration ${migration.version}: its file needs a line "-- phase: expand" or "-- phase: contract"`,
      );
    return { ...migration, phase, ...(touches && { touches: touches.split(', ') }), ...(fill && { fill }) };
  },
);

/** Fills in the search words of all client names, and then indexes them. */
async function fillWords(connection: Connection): Promise<void> {
  for (let after = ''; ; ) {
    const { rows } = await connection.query<{ id: string; name: string }>(
      'SELECT id, name FROM clients WHERE id > $1 ORDER BY id LIMIT 5000',
      [after],
    );
    const last = rows.at(-1);
    if (last === undefined) break;
    await connection.query(
      `UPDATE clients SET words = array_to_tsvector(string_to_array(u.w, ' '))
       FROM unnest($1::text[], $2::text[]) AS u (id, w) WHERE clients.id = u.id`,
      [rows.map((row) => row.id), rows.map((row) => searchWords(row.name).join(' '))],
    );
    after = last.id;
  }
  await connection.query('CREATE INDEX clients_words ON clients USING gin (words)');
}
