import { readdirSync, readFileSync } from 'node:fs';

/** One step of the schema, forward only. Never changed once released: a later step changes what it made. */
export interface Migration {
  /** The number at the beginning of its file's name. */
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}

/** A step and the lines `-- key: value` at the top of its file. */
export interface MigrationFile extends Migration {
  readonly header: ReadonlyMap<string, string>;
}

/** The `.sql` files of a folder in their order. Throws for one that isn't named `<version>-<words>.sql`, or that has no `-- name:` line. */
export function readMigrations(folder: URL): readonly MigrationFile[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => parseMigration(file, readFileSync(new URL(file, folder), 'utf8')));
}

function parseMigration(file: string, sql: string): MigrationFile {
  const [, version] = /^(\d{3})-[a-z0-9-]+\.sql$/.exec(file) ?? [];
  if (version === undefined) throw new Error(`${file}: a migration is named like 001-the-spine.sql`);
  const header = new Map<string, string>();
  for (const line of sql.split('\n')) {
    const [, key, value] = /^-- ([a-z]+): (.+)$/.exec(line) ?? [];
    if (key === undefined || value === undefined) break;
    header.set(key, value);
  }
  const name = header.get('name');
  if (name === undefined) throw new Error(`${file}: the first line is "-- name: ", followed by what the step is about`);
  return { version: Number(version), name, sql, header };
}
