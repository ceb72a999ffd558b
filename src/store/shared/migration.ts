import { readdirSync, readFileSync } from 'node:fs';

/** A forward migration of the schema. It never changes once released; a later migration modifies its results. */
export interface Migration {
  /** The number at the beginning of the file name. */
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}

/** A migration with the `-- key: value` lines at the top of its file. */
export interface MigrationFile extends Migration {
  readonly header: ReadonlyMap<string, string>;
}

/**
 * Reads the `.sql` files of a folder in order. Throws for a file that is not named `<version>-<words>.sql` or has no
 * `-- name:` line.
 */
export function readMigrations(folder: URL): readonly MigrationFile[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => parseMigration(file, readFileSync(new URL(file, folder), 'utf8')));
}

function parseMigration(file: string, sql: string): MigrationFile {
  const [, version] = /^(\d{3})-[a-z0-9-]+\.sql$/.exec(file) ?? [];
  if (version === undefined) throw new Error(`${file}: expected a name like 001-the-spine.sql`);
  const header = new Map<string, string>();
  for (const line of sql.split('\n')) {
    const [, key, value] = /^-- ([a-z]+): (.+)$/.exec(line) ?? [];
    if (key === undefined || value === undefined) break;
    header.set(key, value);
  }
  const name = header.get('name');
  if (name === undefined) throw new Error(`${file}: expected a line "-- name: " with a description at the top`);
  return { version: Number(version), name, sql, header };
}
