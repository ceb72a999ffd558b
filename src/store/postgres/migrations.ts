import { searchWords } from '../../domain/directory/search-words.ts';
import { type Migration, readMigrations } from '../shared/migration.ts';
import type { Connection } from './connect.ts';

/**
 * A step that may also need what SQL alone can't say. `expand` leaves the program before it at work beside the new one: it adds
 * what has a default or nobody is made to fill. `contract` takes away what the program before still uses. The program that brings a
 * contract must work without it too: it is carried out when no older one runs.
 */
export interface PostgresMigration extends Migration {
  readonly phase: 'expand' | 'contract';
  /** Existing tables whose every row it reads or writes; as long as that takes, nobody commits. */
  readonly touches?: readonly string[];
  readonly fill?: (connection: Connection) => Promise<void>;
}

/** What a step does that SQL alone can't say, by its version. */
const fills: ReadonlyMap<number, PostgresMigration['fill']> = new Map([[3, fillWords]]);

/**
 * The steps in `migrations/`. Their meaning is SQLite's; what differs: interactions are partitioned by the month in their id (a
 * UUIDv7), so that a question by id looks into one partition and a month can be detached; identifiers name clients by id; and two
 * logs tell other instances what a commit changed. Text is compared bytewise, as SQLite does.
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

/** Puts the words of every name there is into their column, and then indexes them. */
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
