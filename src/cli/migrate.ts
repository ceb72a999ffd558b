import { existsSync } from 'node:fs';
import { isPostgres } from '../domain/ports/store.ts';
import { sqlitePath } from '../store/open.ts';
import { carryOutMigrations, type PlannedMigration, planMigrations } from '../store/postgres/migration-plan.ts';
import { openForReading } from '../store/sqlite/connect.ts';
import { pendingMigrations } from '../store/sqlite/migrate.ts';
import { type CommonOptions, print } from './command.ts';
import { configOf, withStore } from './context.ts';

interface MigrateCommandOptions extends CommonOptions {
  readonly plan?: boolean;
  readonly contract?: boolean;
}

/** `migrate [--plan] [--contract]`: migrates the database schema, or prints the pending migrations. */
export async function migrate(options: MigrateCommandOptions): Promise<void> {
  const config = configOf(options);
  const { url } = config.store;
  if (isPostgres(url)) {
    if (options.plan === true) return printPlan(options, await planMigrations(url));
    const steps = await carryOutMigrations(url, options.contract === true);
    const left = await planMigrations(url);
    print(options, { ok: true, steps, left: left.map(({ name }) => name) }, [
      ...steps.map((name) => `done: ${name}`),
      ...left.map(({ name }) => `pending: ${name}; run "patchbay migrate --contract" when no older version is running`),
      'The store is up to date',
    ]);
    return;
  }
  if (options.plan === true) {
    const path = sqlitePath(url);
    const db = existsSync(path) ? openForReading(path) : null;
    const names = db === null ? ['all migrations: the database does not exist yet'] : pendingMigrations(db);
    db?.close();
    print(options, { pending: names }, names.length === 0 ? ['The store is up to date'] : names);
    return;
  }
  await withStore(config, async () => undefined);
  print(options, { ok: true }, ['The store is up to date']);
}

function printPlan(options: CommonOptions, plan: readonly PlannedMigration[]): void {
  const lines = plan.map(({ version, name, phase, touches, seconds, measured }) => {
    const tables = touches.map(
      ({ table, rows, bytes }) => `${table} (about ${rows} rows, ${Math.ceil(bytes / 1e6)} MB)`,
    );
    const cost =
      tables.length === 0
        ? 'does not rewrite any table; writes wait for a moment'
        : `scans or rewrites ${tables.join(', ')}; writes wait for about ${seconds} s (${measured ? 'at the speed just measured on this database' : 'assuming 10 MB/s'}), calls are still routed`;
    const when =
      phase === 'expand'
        ? 'runs at the next start or with "patchbay migrate"'
        : 'run "patchbay migrate --contract" when no older version is running';
    return `${version} ${name}: ${phase}, ${when}; ${cost}`;
  });
  print(options, { plan }, lines.length === 0 ? ['The store is up to date'] : lines);
}
