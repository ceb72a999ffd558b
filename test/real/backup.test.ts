import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Store } from '../../src/domain/ports/store.ts';
import { openStore } from '../../src/intake/open-store.ts';
import { openBlobs } from '../../src/store/blobs/open.ts';
import { call, client, endedCall, manager } from '../support/calls.ts';
import { type PostgresServer, startPostgres } from '../support/postgres-server.ts';
import { attachment, letter } from '../support/written.ts';

// Follows docs/backup.md.
const built = new URL('../../bin/patchbay.js', import.meta.url).pathname;
const page = { limit: 200, cursor: null };
const base = mkdtempSync(join(tmpdir(), 'patchbay-backup-'));
let postgres: PostgresServer;

beforeAll(async () => {
  postgres = await startPostgres();
}, 60_000);

afterAll(() => {
  postgres?.stop();
  rmSync(base, { recursive: true, force: true });
});

function open(url: string): Promise<Store> {
  return openStore({ url, country: 'RU', publicUrl: 'http://pb' });
}

/** Adds something of every kind that a restore must bring back. */
async function fill(store: Store, blobs: string): Promise<void> {
  const { id, bytes } = await (await openBlobs(blobs)).put(Readable.from([Buffer.from('the price list')]), 100);
  const at = Date.now();
  const files = [{ ...attachment, blob: id, bytes }];
  const results = await store.apply([
    { op: 'staff', staff: { managers: [manager('a', '101')], lines: [] }, at },
    { op: 'destinations', names: ['crm'], at },
    { op: 'put-clients', clients: [client('c', ['+79161234567'], { responsible: 'a' })], at },
    { op: 'contact', event: endedCall('1') },
    { op: 'contact', event: call('2', { party: { raw: '89160000002', name: null, withheld: false } }) },
    { op: 'contact', event: letter('3', { at, attachments: files }) },
    { op: 'cursor', connection: 'pbx', name: 'cdr', value: '42' },
    { op: 'put-user', user: { login: 'anna', role: 'operator', manager: 'a', passwordHash: 'x' } },
  ]);
  expect(results.every((result) => result.ok)).toBe(true);
}

/** Everything that a store can return. */
async function contents({ read }: Store) {
  const interactions = await read.interactions(page);
  return {
    interactions,
    history: await Promise.all(interactions.items.map((one) => read.interactionHistory(one.id))),
    clients: await read.clients(page),
    leads: await read.leads(page),
    tasks: await read.tasks(page),
    owed: await read.owed(page),
    live: await read.liveCalls('pbx'),
    cursor: await read.cursor('pbx', 'cdr'),
    user: await read.user('anna'),
    seq: await read.deskSeq('a'),
  };
}

/** The restored store holds the same contents, recognises repeats and continues working. */
async function expectSame(restored: Store, before: Awaited<ReturnType<typeof contents>>, blobs: string): Promise<void> {
  expect(await contents(restored)).toEqual(before);
  expect(before.leads.items).not.toEqual([]);
  const [repeated] = await restored.apply([{ op: 'contact', event: endedCall('1') }]);
  expect(repeated).toMatchObject({ ok: true, changes: [] });
  const file = before.interactions.items.flatMap((one) => one.attachments)[0];
  const kept = await restored.read.attachment(file?.id ?? '');
  if (kept === null) throw new Error('the attachment is lost');
  expect(String(await buffer(await (await openBlobs(blobs)).open(kept.blob)))).toBe('the price list');
  expect(restored.directory.hits({ kind: 'phone', value: '+79161234567' })).toHaveLength(1);
}

describe('back-up and restore', () => {
  it('restores a SQLite installation from a copy made while the store was open', async () => {
    const [old, copies, empty] = ['old', 'copies', 'empty'].map((name) => join(base, name)) as [string, string, string];
    mkdirSync(old);
    const store = await open(`sqlite:${join(old, 'patchbay.db')}`);
    await fill(store, `file:${join(old, 'blobs')}`);
    const before = await contents(store);
    const config = join(base, 'patchbay.yaml');
    writeFileSync(
      config,
      `store: { url: "sqlite:${join(old, 'patchbay.db')}" }\nblobs: { url: "file:${join(old, 'blobs')}" }\n`,
    );
    const output = execFileSync(process.execPath, [built, 'backup', copies, '--config', config, '--json'], {
      encoding: 'utf8',
    });
    cpSync(join(old, 'blobs'), join(copies, 'blobs'), { recursive: true });
    await store.close();
    rmSync(old, { recursive: true });

    mkdirSync(empty);
    cpSync((JSON.parse(output) as { file: string }).file, join(empty, 'patchbay.db'));
    cpSync(join(copies, 'blobs'), join(empty, 'blobs'), { recursive: true });
    expect(readdirSync(copies).filter((name) => name.endsWith('.part'))).toEqual([]);
    const restored = await open(`sqlite:${join(empty, 'patchbay.db')}`);
    await expectSame(restored, before, `file:${join(empty, 'blobs')}`);
    await restored.close();
  });

  it('restores a PostgreSQL installation from a dump', async () => {
    const blobs = `file:${join(base, 'pg-blobs')}`;
    const [old, empty] = [postgres.database(), postgres.database()];
    const dump = join(base, 'patchbay.dump');
    const store = await open(old);
    await fill(store, blobs);
    const before = await contents(store);
    execFileSync('pg_dump', ['--format=custom', `--file=${dump}`, old]);
    await store.close();

    execFileSync('pg_restore', ['--exit-on-error', '--no-owner', `--dbname=${empty}`, dump]);
    const restored = await open(empty);
    await expectSame(restored, before, blobs);
    await restored.close();
  });
});
