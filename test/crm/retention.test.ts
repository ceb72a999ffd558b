import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Store } from '../../src/domain/ports/store.ts';
import { openStore } from '../../src/intake/open-store.ts';
import { missedCall } from '../support/office.ts';
import { storeUrl } from '../support/test-store.ts';

let dir: string;
let store: Store;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'patchbay-retention-'));
  store = await openStore({ url: storeUrl(join(dir, 'test.db')), country: 'RU', publicUrl: 'http://pb' });
});
afterEach(async () => {
  await store.close();
  await rm(dir, { recursive: true, force: true });
});

it('retention removes ledger steps and owed deliveries together with leads, tasks and contacts', async () => {
  const then = Date.now();
  const wants = { crm: ['interaction', 'lead', 'task'] } as const;
  await store.apply([{ op: 'destinations', names: ['crm'], wants, at: then }]);
  await store.apply([{ op: 'contact', event: { ...missedCall('one'), startedAt: then - 20_000, endedAt: then } }]);
  const { items } = await store.read.owed({ limit: 10, cursor: null });
  expect(items.map(({ kind }) => kind).toSorted()).toEqual(['interaction', 'lead', 'task']);
  const steps = items.map(({ kind, subject }) => ({ destination: 'crm', kind, subject }));
  await store.apply(steps.map((of) => ({ op: 'ledger', of, step: 'add', state: 'done', remote: '1', at: then })));
  const [task] = (await store.read.tasks({ limit: 1, cursor: null })).items;
  await store.apply([{ op: 'task-done', id: task?.id ?? '', by: { id: 'a', name: 'A' }, at: then }]);

  const today = new Date(then);
  // The start of a future month, so that everything taken in is older.
  const keepFrom = Date.UTC(today.getUTCFullYear(), today.getUTCMonth() + 2, 1);
  const { signal } = new AbortController();
  await store.housekeep({ now: then, keepFrom, keepDetached: false, signal });
  expect((await store.read.owed({ limit: 10, cursor: null })).items).toEqual([]);
  expect(await Promise.all(steps.map((of) => store.read.ledger(of)))).toEqual([[], [], []]);
});
