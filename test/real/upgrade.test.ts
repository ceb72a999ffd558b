import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Store } from '../../src/domain/ports/store.ts';
import { stepsUnder } from '../../src/intake/steps/carry-out.ts';
import { connect } from '../../src/store/postgres/connect.ts';
import { applicationName, migrate } from '../../src/store/postgres/migrate.ts';
import { planMigrations } from '../../src/store/postgres/migration-plan.ts';
import { migrations, type PostgresMigration } from '../../src/store/postgres/migrations.ts';
import { openPostgres } from '../../src/store/postgres/store.ts';
import { endedCall } from '../support/calls.ts';
import { type PostgresServer, startPostgres } from '../support/postgres-server.ts';

const last = migrations.at(-1)?.version ?? 0;
/** Migrations of the next version: a column that only the new program fills, and later the removal of one that only the old program fills. */
const expand: PostgresMigration = {
  version: last + 1,
  name: 'a mood for each interaction',
  phase: 'expand',
  touches: ['interactions'],
  sql: `ALTER TABLE interactions ADD COLUMN mood text;
    CREATE TABLE moods (interaction text PRIMARY KEY, mood text NOT NULL)`,
};
const contract: PostgresMigration = {
  version: last + 2,
  name: 'no bare names of those who listened',
  phase: 'contract',
  sql: 'ALTER TABLE recordings_heard DROP COLUMN by',
};
const next = [...migrations, expand, contract];

let server: PostgresServer;
let directory: string;
let serial = 0;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'patchbay-upgrade-'));
  server = await startPostgres();
}, 60_000);

afterAll(() => {
  server?.stop();
  rmSync(directory, { recursive: true, force: true });
});

/** Opens a store of a program version with these migrations. */
function open(url: string, list: readonly PostgresMigration[]): Promise<Store> {
  serial += 1;
  const snapshot = join(directory, `${serial}.db`);
  const settings = { country: 'RU', publicUrl: 'http://pb' };
  return openPostgres({ url, snapshot, ...settings, carryOut: stepsUnder(settings), migrations: list });
}

const recordingHeard = { op: 'recording-heard', recording: 'r', by: 'anna', at: 1 } as const;

it('upgrades while old and new program write side by side, and contracts once the old one has stopped', async () => {
  const url = server.database();
  const old = await open(url, migrations);
  const oldName = applicationName(migrations);
  const admin = await connect(url, () => undefined);
  try {
    // Both write all the time; the new one starts in between and expands the schema.
    let written = 0;
    const stopping = new AbortController();
    const write = async (store: Store, name: string) => {
      for (let i = 0; !stopping.signal.aborted; i += 1) {
        const results = await store.apply([{ op: 'contact', event: endedCall(`${name} ${i}`) }, recordingHeard]);
        expect(results.map((result) => result.ok)).toEqual([true, true]);
        written += 1;
      }
    };
    const writing = [write(old, 'old')];
    await vi.waitFor(() => expect(written).toBeGreaterThan(20), 20_000);
    const fresh = await open(url, next);
    writing.push(write(fresh, 'fresh'));
    const before = written;
    await vi.waitFor(() => expect(written).toBeGreaterThan(before + 40), 20_000);
    expect(await planMigrations(url, next)).toMatchObject([{ name: contract.name, phase: 'contract', touches: [] }]);
    // A start next to the old program makes no change that would break it, and cannot be forced to.
    await expect(migrate(admin, { list: next, contract: true })).rejects.toThrow(/an older Patchbay is connected/);
    stopping.abort();
    await Promise.all(writing);
    const { rows } = await admin.query<{ n: number }>('SELECT count(*)::int AS n FROM interactions WHERE mood IS NULL');
    expect(rows[0]?.n).toBe(written);
    // The old program may start again: it finds only an expansion.
    const again = await open(url, migrations);
    await again.close();
    await old.close();
    await vi.waitFor(async () => {
      const names = await admin.query('SELECT FROM pg_stat_activity WHERE application_name = $1', [oldName]);
      expect(names.rows).toEqual([]);
    }, 10_000);
    expect(await migrate(admin, { list: next, contract: true })).toEqual([contract.name]);
    await expect(open(url, migrations)).rejects.toThrow(/changed by a newer Patchbay .*\(\d+: no bare names/);
    const [kept] = await fresh.apply([{ op: 'contact', event: endedCall('after') }]);
    expect(kept?.ok).toBe(true);
    await fresh.close();
  } finally {
    await admin.end();
  }
});

it('stops an old program that was cut off during the upgrade from writing again', async () => {
  const url = server.database();
  const old = await open(url, migrations);
  const admin = await connect(url, () => undefined);
  await admin.query(
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
  );
  await vi.waitFor(async () => {
    const steps = await migrate(admin, { list: next, contract: true }).catch(() => []);
    if (steps.length === 0)
      await admin.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'patchbay/%'",
      );
    expect(steps).toContain(contract.name);
  }, 10_000);
  await admin.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'patchbay/%'",
  );
  const write = () => old.apply([{ op: 'contact', event: endedCall('late') }]);
  await expect(write().catch(write)).rejects.toThrow(/changed by a newer Patchbay/);
  await Promise.all([old.close(), admin.end()]);
});

it('brings an empty database to the newest schema at once', async () => {
  const url = server.database();
  const plan = await planMigrations(url, next);
  expect(plan.map(({ version }) => version)).toEqual(next.map(({ version }) => version));
  expect(plan.every(({ touches, seconds }) => touches.length === 0 && seconds === 0)).toBe(true);
  await (await open(url, next)).close();
  expect(await planMigrations(url, next)).toEqual([]);
});

it('estimates the duration of a step from the speed of the database, if it holds enough rows', async () => {
  const url = server.database();
  const store = await open(url, migrations);
  await store.apply([{ op: 'contact', event: endedCall('1') }]);
  const [few] = await planMigrations(url, [...migrations, expand]);
  expect(few).toMatchObject({ name: expand.name, measured: false, seconds: 1 });
  const admin = await connect(url, () => undefined);
  await admin.query(`INSERT INTO interactions (id, revision, channel, direction, state, started_at, live, auto, body)
    SELECT overlay(i.id placing lpad(to_hex(n), 8, '0') from 29), 1, channel, direction, state, started_at, live, auto, body
    FROM interactions i, generate_series(1, 1500) n`);
  const [many] = await planMigrations(url, [...migrations, expand]);
  expect(many).toMatchObject({ name: expand.name, measured: true });
  expect((await admin.query("SELECT FROM pg_class WHERE relname = 'pace'")).rows).toEqual([]);
  await Promise.all([admin.end(), store.close()]);
});

it('gives a step the time it needs, whatever the normal statement timeout', async () => {
  const url = server.database();
  const admin = await connect(url, () => undefined);
  await admin.query(
    "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET statement_timeout = 200', current_database()); END $$",
  );
  await admin.end();
  const slow: PostgresMigration = { ...expand, sql: 'SELECT pg_sleep(0.5)' };
  await (await open(url, [...migrations, slow])).close();
});
