import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Sqlite from 'better-sqlite3';
import pg from 'pg';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Store } from '../../src/domain/ports/store.ts';
import { openStore } from '../../src/intake/open-store.ts';
import { stepsUnder } from '../../src/intake/steps/carry-out.ts';
import { moveStore } from '../../src/store/move/move.ts';
import { tableShapes } from '../../src/store/move/shapes.ts';
import { connect } from '../../src/store/postgres/connect.ts';
import { migrate } from '../../src/store/postgres/migrate.ts';
import { openPostgres } from '../../src/store/postgres/store.ts';
import { backUpDatabase } from '../../src/store/sqlite/backup.ts';
import { callStart, client, endedCall } from '../support/calls.ts';
import { type PostgresServer, startPostgres } from '../support/postgres-server.ts';
import { callAgain, contentsOf, fillStore, newestCall } from './move-store/contents.ts';

const program = fileURLToPath(new URL('../../bin/patchbay.js', import.meta.url));
let server: PostgresServer;
let directory: string;
/** One store with rows in every table, and one with few rows. */
let filled: string;
let small: string;
let before: Awaited<ReturnType<typeof contentsOf>>;
let serial = 0;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'patchbay-move-'));
  server = await startPostgres();
  filled = join(directory, 'filled.db');
  const store = await openSqlite(filled);
  await fillStore(store);
  before = await contentsOf(store);
  await store.close();
  small = join(directory, 'small.db');
  const other = await openSqlite(small);
  await other.apply([
    { op: 'put-clients', clients: [client('c2', [])], at: 1 },
    { op: 'cursor', connection: 'pbx', name: 'cdr', value: '42' },
  ]);
  await other.close();
}, 60_000);

afterAll(() => {
  server?.stop();
  rmSync(directory, { recursive: true, force: true });
});

function openSqlite(path: string): Promise<Store> {
  return openStore({ url: `sqlite:${path}`, country: 'RU', publicUrl: 'http://pb' });
}

function openTarget(url: string): Promise<Store> {
  serial += 1;
  const snapshot = join(directory, `snapshot-${serial}.db`);
  const settings = { country: 'RU', publicUrl: 'http://pb' };
  return openPostgres({ url, snapshot, ...settings, carryOut: stepsUnder(settings) });
}

/** A copy of the small store that a test may change. */
async function copyOfSmall(): Promise<string> {
  serial += 1;
  const path = join(directory, `copy-${serial}.db`);
  await backUpDatabase(small, path);
  return path;
}

function change(path: string, sql: string): void {
  const db = new Sqlite(path);
  db.exec(sql);
  db.close();
}

/** The target returns the same data as the source, recognises repeats, and continues where the source stopped. */
async function expectMoved(url: string): Promise<void> {
  const store = await openTarget(url);
  try {
    const after = await contentsOf(store);
    for (const [name, answer] of Object.entries(before))
      expect({ [name]: after[name as never] }).toEqual({ [name]: answer });
    const [repeated] = await store.apply([{ op: 'contact', event: callAgain(newestCall) }]);
    expect(repeated).toMatchObject({ ok: true, changes: [] });
    const hits = store.directory.hits({ kind: 'phone', value: '+79161234567' });
    expect(hits.map(({ client }) => client.id).sort()).toEqual(['c1', 'c2']);
    expect(store.directory.choice({ kind: 'phone', value: '+79161234567' })).toMatchObject({ client: 'c1' });
    expect(store.directory.lastTalker({ phone: '+79161234567', client: null }, callStart)).toBe('a');
    const [next] = await store.apply([{ op: 'contact', event: endedCall('after the move') }]);
    expect(next).toMatchObject({ ok: true, changes: [{ interaction: { client: { id: 'c1' } } }] });
    expect(next?.ok === true && next.changes[0]?.desk[0]?.seq).toBe(Number(before.desk[0]) + 1);
  } finally {
    await store.close();
  }
}

it('moves every table, and both stores answer every query alike', async () => {
  const url = server.database();
  const { tables } = await moveStore({ path: filled, url, chunkRows: 100 });
  // An empty table would prove nothing.
  expect(tables.filter(({ rows }) => rows === 0)).toEqual([]);
  expect(tables.map(({ name }) => name)).toEqual(tableShapes.map(({ name }) => name));
  await expectMoved(url);
  const again = await moveStore({ path: filled, url });
  expect([again.tables, again.already]).toEqual([[], expect.stringMatching(/^\d{4}-/)]);
});

it('continues where a lost connection stopped it, wherever that was', async () => {
  const url = server.database();
  const admin = await connect(url, () => undefined);
  for (const limit of [2, 15]) {
    let chunks = 0;
    const onProgress = () => {
      chunks += 1;
      if (chunks === limit)
        void admin.query(
          'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
        );
      if (chunks > limit + 200) throw new Error('it was not cut off');
    };
    await expect(moveStore({ path: filled, url, chunkRows: 20, onProgress })).rejects.toThrow(/terminat|Connection/i);
    await expect(openTarget(url)).rejects.toThrow(/being moved into this database/);
  }
  await admin.end();
  await moveStore({ path: filled, url, chunkRows: 20 });
  await expectMoved(url);
});

it('continues after kill -9, with the command', async () => {
  const url = server.database();
  const admin = new pg.Client(url);
  await admin.connect();
  await migrate(admin);
  await admin.query('BEGIN; LOCK TABLE clients IN EXCLUSIVE MODE');
  const args = [program, 'move-store', '--from', `sqlite:${filled}`, '--to', url];
  const child = spawn(process.execPath, args, { stdio: 'ignore' });
  const killed = once(child, 'exit');
  await vi.waitFor(
    async () => {
      const { rows } = await admin.query("SELECT FROM pg_locks WHERE NOT granted AND relation = 'clients'::regclass");
      expect(rows).toHaveLength(1);
    },
    { timeout: 30_000, interval: 20 },
  );
  child.kill('SIGKILL');
  await killed;
  await admin.query('ROLLBACK');
  await admin.end();
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect([status, stdout]).toEqual([0, expect.stringContaining('are identical in both stores')]);
  await expectMoved(url);
});

it('copies a table again if it changed between two runs', async () => {
  const [path, url] = [await copyOfSmall(), server.database()];
  const failing = moveStore({
    ...{ path, url, chunkRows: 20 },
    onProgress: ({ table }) => {
      if (table === 'sessions') throw new Error('stopped here');
    },
  });
  await expect(failing).rejects.toThrow('stopped here');
  change(
    path,
    "UPDATE clients SET name = 'Changed', folded = 'changed', body = replace(body, 'Client c2', 'Changed') WHERE id = 'c2'",
  );
  await moveStore({ path, url });
  const store = await openTarget(url);
  expect((await store.read.clients({ limit: 5, cursor: null, q: 'chang' })).items).toMatchObject([{ id: 'c2' }]);
  await store.close();
});

it('names the damaged row of the source', async () => {
  const [path, url] = [await copyOfSmall(), server.database()];
  change(path, "UPDATE clients SET body = substr(body, 1, 20) WHERE id = 'c2'");
  await expect(moveStore({ path, url })).rejects.toThrow(
    /^clients \d+: body is damaged: expected json, found text that/,
  );
  change(path, "UPDATE clients SET body = x'00ff' WHERE id = 'c2'");
  await expect(moveStore({ path, url })).rejects.toThrow(/^clients \d+: body is damaged: expected json, found object/);
});

it('names the row that did not arrive intact', async () => {
  const url = server.database();
  const admin = await connect(url, () => undefined);
  await migrate(admin);
  await admin.query(`CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.value := '43'; RETURN NEW; END $$;
    CREATE TRIGGER spoil BEFORE INSERT ON cursors FOR EACH ROW EXECUTE FUNCTION spoil()`);
  await admin.end();
  await expect(moveStore({ path: small, url })).rejects.toThrow(
    /^cursors differs after copying: .*; differing rows: cursors pbx cdr$/,
  );
});

it('removes NUL characters, which PostgreSQL cannot store, and reports where', async () => {
  const [path, url] = [await copyOfSmall(), server.database()];
  change(path, "UPDATE cursors SET value = 'a' || char(0) || 'b'");
  expect((await moveStore({ path, url })).repaired).toEqual(['cursors pbx cdr']);
});

it('rejects a source in use, and locks it meanwhile', async () => {
  const [path, url] = [await copyOfSmall(), server.database()];
  const store = await openSqlite(path);
  await expect(moveStore({ path, url })).rejects.toThrow(/is open in another program: stop the gateway first/);
  await store.close();
  let refused: Promise<unknown> | null = null;
  const onProgress = () => {
    refused ??= Promise.resolve()
      .then(() => new Sqlite(path, { timeout: 0 }).exec('BEGIN IMMEDIATE'))
      .catch((e) => e.code);
  };
  await moveStore({ path, url, onProgress });
  expect(await refused).toBe('SQLITE_BUSY');
  await expect(moveStore({ path: join(directory, 'none.db'), url })).rejects.toThrow(/none.db can't be opened/);
});

it('rejects a target with data that it did not write', async () => {
  const [strange, used, taken] = [server.database(), server.database(), server.database()];
  const admin = await connect(strange, () => undefined);
  await admin.query('CREATE TABLE orders (id int)');
  await admin.end();
  await expect(moveStore({ path: small, url: strange })).rejects.toThrow(/tables that are not Patchbay's \(orders\)/);
  const store = await openTarget(used);
  await store.apply([{ op: 'contact', event: endedCall('1') }]);
  await store.close();
  await expect(moveStore({ path: small, url: used })).rejects.toThrow(
    /a Patchbay store in use \(there are rows in inter/,
  );
  await moveStore({ path: small, url: taken });
  await expect(moveStore({ path: filled, url: taken })).rejects.toThrow(/another store was moved/);
});
