import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { AnsweringThread } from '../../src/answering/thread/thread-client.ts';
import type { ClientId } from '../../src/domain/base/ids.ts';
import type { Client } from '../../src/domain/directory/client.ts';
import { openStore } from '../../src/intake/open-store.ts';
import { silentLogger } from '../../src/runtime/log.ts';
import { spawnThread } from '../../src/runtime/thread.ts';
import { manager, plan } from '../router/facts.ts';
import { endedCall, leg } from '../support/calls.ts';
import { type Asked, ask } from './agi-ask.ts';
import type { AskerData } from './agi-asker.ts';

const directory = mkdtempSync(join(tmpdir(), 'patchbay-answering-'));
const database = join(directory, 'patchbay.db');
const romashka: Client = {
  id: 'crm:1' as ClientId,
  name: 'ООО "Ромашка"',
  kind: 'company',
  responsible: 'anna',
  segment: null,
  url: null,
  identifiers: [{ kind: 'phone', value: '+79160000001' }],
  contacts: [],
  deals: [],
  fields: [],
};
const staff = {
  managers: [manager('anna', { extensions: ['101'] }), manager('boris', { extensions: ['102'] })],
  lines: [],
};
const rotating = plan({
  fallback: { kind: 'group', id: 'g' },
  groups: { g: { id: 'g', members: ['anna', 'boris'], strategy: 'rotate', queue: null } },
});
const known = { agi_callerid: '89160000001', agi_dnid: '74950000001', agi_uniqueid: '1.1' };
const stranger = { ...known, agi_callerid: '89160000009', agi_uniqueid: '1.2' };

let thread: AnsweringThread;

beforeAll(async () => {
  const store = await openStore({ url: `sqlite:${database}`, country: 'RU', publicUrl: 'http://pb' });
  await store.apply([{ op: 'put-clients', clients: [romashka], at: 0 }]);
  await store.close();
});
afterEach(() => thread.stop());
afterAll(() => rmSync(directory, { recursive: true, force: true }));

async function started(change: Partial<ConstructorParameters<typeof AnsweringThread>[0]> = {}): Promise<number> {
  thread = new AnsweringThread({
    database,
    country: 'RU',
    listeners: [
      {
        connection: 'pbx',
        host: '127.0.0.1',
        port: 0,
        dial: 'PJSIP/{extension}',
        numbers: [],
        charset: 'auto' as const,
        allow: ['loopback'],
        maxConnections: 1000,
      },
    ],
    turns: {},
    plan: rotating,
    staff,
    log: silentLogger,
    ...change,
  });
  await thread.start();
  return thread.ports.pbx!;
}

function nextAsked(): Promise<{ question: { call: string | null }; answer: { decision: string } }> {
  return new Promise((resolve) => {
    const off = thread.events.on('asked', (asked) => {
      off();
      resolve(asked);
    });
  });
}

it('answers Asterisk with the manager of a known client, and reports the decision to the main thread', async () => {
  const port = await started();
  const asked = nextAsked();

  const { set } = await ask(port, known);

  expect(set).toEqual({
    PATCHBAY_DECISION: 'responsible',
    PATCHBAY_DIAL: 'PJSIP/101',
    PATCHBAY_EXTENSION: '101',
    PATCHBAY_TIMEOUT: '20',
    PATCHBAY_MANAGER: 'anna',
    PATCHBAY_CLIENT: 'crm:1',
    PATCHBAY_CLIENT_NAME: 'ООО \\"Ромашка\\"',
    'CALLERID(name)': 'ООО \\"Ромашка\\"',
  });
  expect(await asked).toMatchObject({ question: { call: 'pbx:1.1' }, answer: { decision: 'responsible' } });
});

it('uses plan, devices and turns pushed by the main thread, and sets nothing for unknown paths', async () => {
  const port = await started();
  thread.setDevices([{ connection: 'pbx', extension: '101', state: 'in_use' }]);
  expect((await ask(port, known)).set.PATCHBAY_MANAGER).toBe('boris');
  thread.setPlan({ plan: plan({ fallback: { kind: 'queue', id: '600' } }), staff });
  expect((await ask(port, stranger)).set).toMatchObject({
    PATCHBAY_DECISION: 'queue',
    PATCHBAY_DIAL: '',
    PATCHBAY_EXTENSION: '600',
  });
  thread.setPlan({ plan: rotating, staff });
  thread.setDevices([{ connection: 'pbx', extension: '101', state: 'idle' }]);
  thread.setTurns({ g: 'anna' });
  expect((await ask(port, stranger)).set.PATCHBAY_MANAGER).toBe('boris');
  expect((await ask(port, stranger)).set.PATCHBAY_MANAGER).toBe('anna');
  expect((await ask(port, stranger, 'route?tried=boris')).set.PATCHBAY_MANAGER).toBe('anna');
  expect((await ask(port, stranger, 'elsewhere')).set).toEqual({});
});

it('answers with the manager who last talked with the caller', async () => {
  const store = await openStore({ url: `sqlite:${database}`, country: 'RU', publicUrl: 'http://pb' });
  const startedAt = Date.now() - 60_000;
  const talked = { rangAt: startedAt, talkedAt: startedAt, endedAt: startedAt + 1000, outcome: 'answered' } as const;
  const party = { raw: known.agi_callerid, name: null, withheld: false };
  const legs = [leg('102', talked)];
  await store.apply([
    { op: 'staff', staff, at: 0 },
    { op: 'contact', event: endedCall('talk', { startedAt, endedAt: startedAt + 1000, party, legs }) },
  ]);
  await store.close();
  const port = await started({ plan: plan({ rules: [{ name: 'again', when: {}, to: { kind: 'last' } }] }) });

  expect((await ask(port, known)).set).toMatchObject({ PATCHBAY_DECISION: 'responsible', PATCHBAY_MANAGER: 'boris' });
  expect((await ask(port, known, 'route?tried=boris')).set.PATCHBAY_MANAGER).toBe('anna');
  expect((await ask(port, stranger)).set.PATCHBAY_DECISION).toBe('default');
});

it('answers the doctor’s request with the connection’s name, and decides nothing', async () => {
  const port = await started();
  const reports: unknown[] = [];
  thread.events.on('asked', (asked) => reports.push(asked));
  expect((await ask(port, known, 'doctor?id=5-a"\r\n')).set).toEqual({ PATCHBAY_DOCTOR_ANSWER: '5-a pbx' });
  await ask(port, known);
  await vi.waitFor(() => expect(reports).toHaveLength(1), 20_000);
});

it('keeps answering while the main thread is blocked for three seconds', async () => {
  const port = await started();
  const reports: unknown[] = [];
  thread.events.on('asked', (asked) => reports.push(asked));
  const workerData: AskerData = { port, forMs: 2500, variables: known };
  const asker = spawnThread(import.meta.url, './agi-asker', { workerData });
  await once(asker, 'message');
  const answers = once(asker, 'message');

  const until = performance.now() + 3000;
  while (performance.now() < until);

  const [all] = (await answers) as [Asked[]];
  expect(all.length).toBeGreaterThan(20);
  expect(all.every(({ set }) => set.PATCHBAY_DECISION === 'responsible')).toBe(true);
  expect(Math.max(...all.map(({ ms }) => ms))).toBeLessThan(2000);
  await vi.waitFor(() => expect(reports.length).toBe(all.length), 20_000);
});

it('gives the default answer if there is no directory', async () => {
  const port = await started({ database: join(directory, 'nowhere.db') });
  expect((await ask(port, known)).set).toMatchObject({
    PATCHBAY_DECISION: 'default',
    PATCHBAY_DIAL: '',
    PATCHBAY_CLIENT: '',
  });
});

it('restarts on the same port after a crash, with its previous state', async () => {
  const port = await started({ backoff: { min: 1, max: 5 } });
  thread.setDevices([{ connection: 'pbx', extension: '101', state: 'dnd' }]);
  await ask(port, stranger);

  // Staff that cannot be indexed crashes the thread, as a defect of ours would.
  thread.setPlan({ plan: rotating, staff: { managers: null as never, lines: [] } });
  thread.setPlan({ plan: rotating, staff });

  await vi.waitFor(async () => expect((await ask(port, stranger)).set.PATCHBAY_MANAGER).toBe('boris'), {
    timeout: 10_000,
  });
  expect(thread.metrics.restarts).toBeGreaterThan(0);
});

it('reports that callers get no answer while it is down or hanging', async () => {
  let now = 0;
  await started({ backoff: { min: 30_000, max: 30_000 }, elapsed: () => now });
  expect(thread.trouble).toBeNull();
  now = 11_000;
  expect(thread.trouble).toContain('not responded for 11 s');
  await vi.waitFor(() => expect(thread.trouble).toBeNull(), { timeout: 10_000 });
  thread.setPlan({ plan: rotating, staff: { managers: null as never, lines: [] } });
  await vi.waitFor(() => expect(thread.trouble).toContain('has stopped'), { timeout: 10_000 });
});

it('reports a port conflict at start', async () => {
  const port = await started();
  const first = thread;
  const listeners = [
    {
      connection: 'pbx',
      host: '127.0.0.1',
      port,
      dial: '',
      numbers: [],
      charset: 'auto' as const,
      allow: ['loopback'],
      maxConnections: 1000,
    },
  ];
  await expect(started({ listeners })).rejects.toThrow(/EADDRINUSE/);
  await first.stop();
});
