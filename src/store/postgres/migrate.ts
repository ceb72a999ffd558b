import type { Connection } from './connect.ts';
import { migrations, type PostgresMigration } from './migrations.ts';

/** A step as a database remembers it; a program that is older than the step learns from this whether it may stay. */
interface Applied {
  readonly version: number;
  readonly name: string;
  readonly phase: PostgresMigration['phase'];
}

/** How a schema is changed. */
export interface MigrateOptions {
  /** The steps the program knows; its own by default, for who tests two programs side by side. */
  readonly list?: readonly PostgresMigration[];
  /** Up to an older version, for who tests the later steps. */
  readonly upTo?: number;
  /** Contracts too, where the database is not empty. */
  readonly contract?: boolean;
}

/** Held while a schema is changed and for every commit, so that sequence numbers become visible in their order. */
export const writeLock = 7_263_001;

/** Under this name the server lists the connections of a program that knows so many steps. */
const nameOf = (version: number) => `patchbay/${version}`;

/** The name of a connection of a program that knows these steps. */
export function applicationName(list: readonly PostgresMigration[] = migrations): string {
  return nameOf(list.at(-1)?.version ?? 0);
}

/** The steps a database still lacks. Rejects for one that a newer program changed so that this one can't use it. */
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
      `the database was changed by a newer Patchbay so that this one can't use it (${beyond.map(({ version, name }) => `${version}: ${name}`).join(', ')}); start that one`,
    );
  return list.filter(({ version }) => !versions.has(version));
}

/**
 * Brings a database up to date in one transaction, also where two programs start at once; answers the names of the steps
 * taken. An empty database is given everything; one in use only what older programs beside this one can live with, unless
 * contracts are asked for: then it rejects while an older program is connected. To be called on a connection that may take
 * its time.
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

/** Older programs are known by the names of their connections. */
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
      `an older Patchbay is connected to this database (${older.length} connections) and needs what would be taken away: update or stop it first`,
    );
}

async function appliedTo(connection: Connection, list: readonly PostgresMigration[]): Promise<readonly Applied[]> {
  const there = await connection.query<{ table: boolean; meta: boolean }>(
    `SELECT to_regclass('migrations') IS NOT NULL AS "table", to_regclass('meta') IS NOT NULL AS meta`,
  );
  if (there.rows[0]?.table)
    return (await connection.query<Applied>('SELECT version, name, phase FROM migrations')).rows;
  if (!there.rows[0]?.meta) return [];
  // A database from before its steps were written down one by one.
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
