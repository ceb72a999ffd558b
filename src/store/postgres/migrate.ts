import type { Connection } from './connect.ts';
import { migrations, type PostgresMigration } from './migrations.ts';

/**
 * An applied migration as the database records it. Older programs read the phase to learn whether they can still run.
 */
interface Applied {
  readonly version: number;
  readonly name: string;
  readonly phase: PostgresMigration['phase'];
}

/** Options of {@link migrate}. */
export interface MigrateOptions {
  /** The known migrations; tests of two program versions pass their own. */
  readonly list?: readonly PostgresMigration[];
  /** Stop at this version; for tests of later migrations. */
  readonly upTo?: number;
  /** Also apply contract migrations if the database is not empty. */
  readonly contract?: boolean;
}

/**
 * Advisory lock held while the schema is changed and during every commit, so that sequence numbers become visible in
 * order.
 */
export const writeLock = 7_263_001;

/** Connections are listed on the server under the version of the program's last migration. */
const nameOf = (version: number) => `patchbay/${version}`;

/** The connection name of a program with these migrations. */
export function applicationName(list: readonly PostgresMigration[] = migrations): string {
  return nameOf(list.at(-1)?.version ?? 0);
}

/** The migrations that a database lacks. Rejects if a newer program has made it unusable for this one. */
export async function pendingMigrations(
  connection: Connection,
  list: readonly PostgresMigration[] = migrations,
): Promise<readonly PostgresMigration[]> {
  const applied = await appliedTo(connection, list);
  const versions = new Set(applied.map(({ version }) => version));
  const known = new Set(list.map(({ version }) => version));
  const beyond = applied.filter(({ version, phase }) => !known.has(version) && phase === 'contract');
  if (beyond.length > 0)
    throw new Error(
      `the database was changed by a newer Patchbay in a way that this version cannot use (${beyond.map(({ version, name }) => `${version}: ${name}`).join(', ')}); start the newer version`,
    );
  return list.filter(({ version }) => !versions.has(version));
}

/**
 * Migrates a database in one transaction, even if two programs start at once. Returns the names of the applied
 * migrations. An empty database gets all of them. A database in use gets only those that older programs can live
 * with, unless `contract` is set; then it rejects while an older program is connected. Use a connection without time
 * limits.
 */
export async function migrate(connection: Connection, options: MigrateOptions = {}): Promise<readonly string[]> {
  const { list = migrations, upTo = Number.POSITIVE_INFINITY, contract = false } = options;
  await connection.query('BEGIN');
  try {
    await connection.query('SELECT pg_advisory_xact_lock($1)', [writeLock]);
    const pending = await pendingMigrations(connection, list);
    const isEmpty = pending.length === list.length;
    const steps = pending.filter(
      ({ version, phase }) => version <= upTo && (isEmpty || contract || phase === 'expand'),
    );
    if (!isEmpty) await refuseOlder(connection, steps);
    for (const step of steps) await carryOut(connection, step);
    await remember(connection, list, steps);
    await connection.query('COMMIT');
    return steps.map((step) => step.name);
  } catch (error) {
    await connection.query('ROLLBACK');
    throw error;
  }
}

async function carryOut(connection: Connection, { sql, version, fill }: PostgresMigration): Promise<void> {
  await connection.query(sql);
  await fill?.(connection);
  await connection.query(
    `INSERT INTO meta (name, value) VALUES ('schema', $1), ('store_id', gen_random_uuid()::text),
       ('key_secret', encode(sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')), 'base64'))
     ON CONFLICT (name) DO UPDATE SET value = CASE WHEN meta.name = 'schema' THEN excluded.value ELSE meta.value END`,
    [String(version)],
  );
}

/** Older programs are recognised by their connection names. */
async function refuseOlder(connection: Connection, steps: readonly PostgresMigration[]): Promise<void> {
  const contracts = steps.filter(({ phase }) => phase === 'contract').map(({ version }) => version);
  if (contracts.length === 0) return;
  const { rows } = await connection.query<{ name: string }>(
    "SELECT application_name AS name FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'patchbay/%'",
  );
  const least = Math.max(...contracts);
  const older = rows.filter(({ name }) => Number(name.slice(nameOf(0).length - 1)) < least);
  if (older.length > 0)
    throw new Error(
      `an older Patchbay is connected to this database (${older.length} connections) and still needs what this migration removes: update or stop it first`,
    );
}

async function appliedTo(connection: Connection, list: readonly PostgresMigration[]): Promise<readonly Applied[]> {
  const there = await connection.query<{ table: boolean; meta: boolean }>(
    `SELECT to_regclass('migrations') IS NOT NULL AS "table", to_regclass('meta') IS NOT NULL AS meta`,
  );
  if (there.rows[0]?.table)
    return (await connection.query<Applied>('SELECT version, name, phase FROM migrations')).rows;
  if (!there.rows[0]?.meta) return [];
  // A database from before migrations were recorded one by one.
  const { rows } = await connection.query<{ value: string }>("SELECT value FROM meta WHERE name = 'schema'");
  return list.filter(({ version }) => version <= Number(rows[0]?.value ?? 0));
}

async function remember(
  connection: Connection,
  list: readonly PostgresMigration[],
  steps: readonly PostgresMigration[],
): Promise<void> {
  const before = await appliedTo(connection, list);
  if (before.length > 0 && steps.length === 0) return;
  await connection.query(
    'CREATE TABLE IF NOT EXISTS migrations (version int PRIMARY KEY, name text NOT NULL, phase text NOT NULL, at timestamptz NOT NULL DEFAULT now())',
  );
  const all = [...before, ...steps];
  await connection.query(
    'INSERT INTO migrations (version, name, phase) SELECT * FROM unnest($1::int[], $2::text[], $3::text[]) ON CONFLICT DO NOTHING',
    [all.map(({ version }) => version), all.map(({ name }) => name), all.map(({ phase }) => phase)],
  );
}
