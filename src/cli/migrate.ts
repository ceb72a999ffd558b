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

/** `migrate [--plan] [--contract]`: the store's schema, brought up to date or told what it lacks. */
export async function migrate(options: MigrateCommandOptions): Promise<void> {
  const config = configOf(options);
  const { url } = config.store;
  if (isPostgres(url)) {
    if (options.plan === true) return printPlan(options, await planMigrations(url));
    const steps = await carryOutMigrations(url, options.contract === true);
    const left = await planMigrations(url);
    print(options, { ok: true, steps, left: left.map(({ name }) => name) }, [
      ...steps.map((name) => `done: ${name}`),
      ...left.map(({ name }) => `left for "patchbay migrate --contract", once no older version runs: ${name}`),
      'The store is up to date',
    ]);
    return;
  }
  if (options.plan === true) {
    const path = sqlitePath(url);
    const db = existsSync(path) ? openForReading(path) : null;
    const names = db === null ? ['everything: there is no database yet'] : pendingMigrations(db);
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
        ? 'reads and writes no table whole; nobody commits for a moment'
        : `reads or writes whole: ${tables.join(', ')}; nobody commits for about ${seconds} s (${measured ? 'at the pace this database showed just now' : 'by an assumed 10 MB/s'}), callers are routed meanwhile`;
    const when =
      phase === 'expand' ? 'at the next start, or now' : 'by "patchbay migrate --contract", once no older version runs';
    return `${version} ${name}: ${phase}, ${when}; ${cost}`;
  });
  print(options, { plan }, lines.length === 0 ? ['The store is up to date'] : lines);
}
