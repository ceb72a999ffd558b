import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Task } from '../../src/domain/follow-up/follow-up.ts';
import type { Store } from '../../src/domain/ports/store.ts';
import { missRulesOf } from '../../src/domain/routing/miss-rules.ts';
import type { RoutingPlan } from '../../src/domain/routing/routing.ts';
import { Escalation } from '../../src/intake/escalation.ts';
import { openStore } from '../../src/intake/open-store.ts';
import { silentLogger } from '../../src/runtime/log.ts';
import { office, plan } from '../router/facts.ts';
import { manager } from '../support/calls.ts';

const minute = 60_000;
/** A Tuesday, 17:50 in Moscow: ten working minutes before the end of the day. */
const evening = Date.parse('2026-03-10T14:50:00Z');
const managers = [manager('a', '101', { hours: 'office' }), manager('h', '102')];
const groups: RoutingPlan['groups'] = {
  sales: { id: 'sales', head: 'h', members: ['a'], strategy: 'all', queue: null },
};
const misses: RoutingPlan['misses'] = { owners: ['last'], escalate: { after: 30, to: null } };
let folder = '';
let store: Store;
let now = 0;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'patchbay-escalation-'));
  store = await openStore({ url: `sqlite:${join(folder, 'test.db')}`, country: 'RU', publicUrl: 'http://pb' });
});

afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

async function begin(routing: RoutingPlan): Promise<Escalation> {
  const staff = { managers, lines: [], misses: missRulesOf(routing) };
  await store.apply([{ op: 'staff', staff, at: evening }]);
  const missed: Task = {
    ...{ id: '1', revision: 1, kind: 'call_back', state: 'open', manager: { id: 'a', name: 'Manager a' } },
    ...{ interaction: null, latest: null, contacts: 1, client: null, party: null, text: null, dueAt: null },
    ...{ createdAt: new Date(evening).toISOString(), escalatedAt: null, doneAt: null, doneBy: null },
  };
  now = evening;
  await store.apply([{ op: 'put-task', task: missed }]);
  const apply = store.apply.bind(store);
  return new Escalation({
    store,
    apply,
    plan: () => routing,
    staff: () => staff,
    region: () => 'RU',
    clock: { now: () => now },
    log: silentLogger,
  });
}

const task = async () => (await store.read.tasks({ limit: 10, cursor: null })).items[0];

it('passes a missed call on to the head of the group, by the working hours of its manager', async () => {
  const escalation = await begin(plan({ groups, misses, hours: { office } }));
  expect(await task()).toMatchObject({ manager: { id: 'a' } });
  // Due 15 and passed on 45 working minutes after the miss: at 9:35 in the morning.
  now = Date.parse('2026-03-11T06:34:00Z');
  await escalation.passOn();
  expect(await task()).toMatchObject({ manager: { id: 'a' }, escalatedAt: null });
  now = Date.parse('2026-03-11T06:36:00Z');
  await escalation.passOn();
  expect(await task()).toMatchObject({ manager: { id: 'h' }, escalatedAt: '2026-03-11T06:36:00.000Z' });
});

it('passes on to a named manager, but not to the one who has the task', async () => {
  const to = (id: string) => plan({ groups, misses: { ...misses, escalate: { after: 30, to: id } } });
  const escalation = await begin(to('a'));
  now = evening + 7 * 24 * 60 * minute;
  await escalation.passOn();
  expect(await task()).toMatchObject({ manager: { id: 'a' }, escalatedAt: null });
});

it('passes nothing on unless configured', async () => {
  const escalation = await begin(plan({ groups, misses: { ...misses, escalate: null } }));
  now = evening + 7 * 24 * 60 * minute;
  await escalation.passOn();
  expect(await task()).toMatchObject({ manager: { id: 'a' } });
});
