import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../../src/store/postgres/connect.ts';
import { migrate } from '../../src/store/postgres/migrations.ts';
import { ensurePartition } from '../../src/store/postgres/partitions.ts';
import { openPostgres } from '../../src/store/postgres/store.ts';
import { describeStore } from '../store/conformance.ts';
import { describeDirectory } from '../store/directory-conformance.ts';
import { describeFollowUps } from '../store/follow-ups-conformance.ts';
import { expectOlderRows, olderRows } from '../store/older-rows.ts';
import { describeWritten } from '../store/written-conformance.ts';
import { call, client, endedCall } from '../support/calls.ts';
import { type PostgresServer, startPostgres } from '../support/postgres-server.ts';

let server: PostgresServer;
let directory: string;
let serial = 0;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'patchbay-snapshots-'));
  server = await startPostgres();
}, 60_000);

afterAll(() => {
  server.stop();
  rmSync(directory, { recursive: true, force: true });
});

function open(url = server.database()) {
  serial += 1;
  return openPostgres({ url, snapshot: join(directory, `${serial}.db`), country: 'RU', publicUrl: 'http://pb' });
}

describeStore('postgres', () => open());
describeFollowUps('postgres', () => open());
describeDirectory('postgres', () => open());
describeWritten('postgres', () => open());

describe('postgres under trouble', () => {
  it('brings a database of an older program up to date with all it holds', async () => {
    const url = server.database();
    const connection = await connect(url, () => undefined);
    await migrate(connection, 2);
    await ensurePartition(connection, Date.parse('2026-01-12T09:00:00Z'));
    for (const { sql, values } of olderRows) await connection.query(sql, [...values]);
    await connection.end();
    const store = await open(url);
    await expectOlderRows(store);
    await store.close();
  });

  it('makes one interaction of a call that two instances write at once', async () => {
    const url = server.database();
    const [one, two] = await Promise.all([open(url), open(url)]);
    const ids = Array.from({ length: 40 }, (_, i) => String(i));
    await Promise.all(
      [one, two].flatMap((store) => ids.map((id) => store.apply([{ op: 'contact', event: call(id) }]))),
    );
    expect((await one.read.interactions({ limit: 200, cursor: null })).items).toHaveLength(40);
    await Promise.all([one.close(), two.close()]);
  });

  it('loses and doubles nothing over a crash of the server, and answers routing meanwhile', async () => {
    const store = await open();
    const phone = '+79161234567';
    await store.apply([{ op: 'put-clients', clients: [client('c1', [phone])], at: 1 }]);
    await store.apply([{ op: 'contact', event: call('1') }]);
    server.restart();
    expect(store.directory.hits({ kind: 'phone', value: phone })).toHaveLength(1);
    const again = () => store.apply([{ op: 'contact', event: endedCall('1') }]);
    const [result] = await again().catch(again);
    expect(result?.ok).toBe(true);
    expect((await store.read.interactions({ limit: 10, cursor: null })).items).toMatchObject([{ state: 'answered' }]);
    await store.close();
  });
});
