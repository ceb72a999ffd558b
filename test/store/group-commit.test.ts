import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { WorkerOptions } from 'node:worker_threads';
import type { Database } from 'better-sqlite3';
import Sqlite from 'better-sqlite3';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Write, WriteResult } from '../../src/domain/ports/writes.ts';
import { spawnThread } from '../../src/runtime/thread.ts';
import { cleanBatch } from '../../src/store/shared/clean-batch.ts';
import { openForWriting } from '../../src/store/sqlite/connect.ts';
import { GroupCommit } from '../../src/store/sqlite/group-commit.ts';
import { migrate } from '../../src/store/sqlite/migrate.ts';
import { Writer } from '../../src/store/sqlite/writer.ts';
import { WriterClient } from '../../src/store/sqlite/writer-client.ts';
import { call } from '../support/calls.ts';
import { waitingSteps } from '../support/waiting-steps.ts';

const directory = mkdtempSync(join(tmpdir(), 'patchbay-groups-'));
const settings = { country: 'RU', publicUrl: 'http://pb' };
const cursor: Write = { op: 'cursor', connection: 'box', name: 'uid', value: '1' };
const unknownToken: Write = { op: 'remove-token', name: 'none' };
let serial = 0;
let path: string;

beforeEach(() => {
  serial += 1;
  path = join(directory, `${serial}.db`);
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('two groups of writes with steps that wait in between', () => {
  let db: Database;
  let commits: GroupCommit;
  let noted: string[];

  beforeEach(() => {
    db = openForWriting(path);
    migrate(db);
    noted = [];
    const steps = waitingSteps(settings, (what) => noted.push(what));
    commits = new GroupCommit(db, new Writer(db, settings, steps));
  });
  afterEach(() => void db.close());

  const commit = (id: number, ...batch: Write[]) =>
    commits.commit(
      [{ id, batch: cleanBatch(batch) }],
      Date.now(),
      (_, results): readonly WriteResult[] => results,
      () => noted.push(`commits ${id}`),
    );

  it('run one after the other, each in its own transaction', async () => {
    const results = await Promise.all([
      commit(1, { op: 'contact', event: call('1') }),
      setImmediate().then(() => commit(2, cursor)),
    ]);

    expect(results.flat(2).map(({ ok }) => ok)).toEqual([true, true]);
    expect(noted).toEqual(['begins contact', 'ends contact', 'commits 1', 'begins cursor', 'ends cursor', 'commits 2']);
  });

  it('do not affect each other: a rollback in one leaves the other intact', async () => {
    const [first, second] = await Promise.all([commit(1, cursor, unknownToken), commit(2, { ...cursor, name: 'two' })]);

    expect([first, second].map((kept) => kept[0]?.map(({ ok }) => ok))).toEqual([[true, false], [true]]);
    expect(db.prepare('SELECT name FROM cursors ORDER BY name').pluck().all()).toEqual(['two', 'uid']);
  });

  it('continue after a failed commit', async () => {
    const broken = commits.commit(
      [{ id: 1, batch: cleanBatch([cursor]) }],
      Date.now(),
      () => null,
      () => {
        throw new Error('the disk is full');
      },
    );
    const after = commit(2, { ...cursor, name: 'two' });

    await expect(broken).rejects.toThrow('the disk is full');
    expect((await after).flat().map(({ ok }) => ok)).toEqual([true]);
    expect(db.prepare('SELECT name FROM cursors').pluck().all()).toEqual(['two']);
  });
});

it('a writer thread handles requests and a close that arrive during a transaction after it', async () => {
  const spawn = (options: WorkerOptions) => spawnThread(import.meta.url, '../support/waiting-writer', options);
  const writer = new WriterClient({ path, settings, spawn });
  await writer.open();
  const asked: Promise<readonly WriteResult[]>[] = [];
  for (let n = 0; n < 50; n += 1) {
    asked.push(writer.apply([{ op: 'contact', event: call(String(n)) }]));
    if (n % 7 === 0) asked.push(writer.apply([unknownToken]));
    await setImmediate();
  }
  await writer.close();

  const results = (await Promise.all(asked)).flat();
  const db = new Sqlite(path, { readonly: true });
  const kept = db.prepare('SELECT count(*) FROM interactions').pluck().get();
  db.close();
  expect(results.filter(({ ok }) => ok)).toHaveLength(50);
  expect(kept).toBe(50);
});
