import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/load.ts';
import type { HistoryQuery } from '../../src/crm/contract.ts';
import { coreKinds } from '../../src/crm/registry.ts';
import { configuredDestinations } from '../../src/delivery/configured.ts';
import { DeliveryScheduler } from '../../src/delivery/scheduler.ts';
import type { SubjectKind } from '../../src/domain/delivery/delivery.ts';
import { startPatchbay } from '../../src/main.ts';
import { silentLogger } from '../../src/runtime/log.ts';
import { client } from '../support/calls.ts';
import { coresOf } from '../support/cores.ts';
import { missedCall, type Office, openOffice, ringingCall } from '../support/office.ts';
import { storeUrl } from '../support/test-store.ts';
import { because } from '../support/written.ts';
import { type CountingCore, countingKinds } from './counting-core.ts';

const settings = { count: { kind: 'counting' } };

it.each(Object.entries(coreKinds))(
  'a core of kind %s has the filters and the rate of all cores',
  (_kind, { schema }) => {
    const { properties } = schema as { readonly properties?: object };
    expect(Object.keys(properties ?? {})).toEqual(
      expect.arrayContaining(['channels', 'departments', 'internal', 'rate']),
    );
  },
);

it('a full reading is shown as the state of a core, unless something is wrong with it', async () => {
  const office = await openOffice();
  const cores = coresOf(office, settings, { kinds: countingKinds(() => undefined) });
  const shown = () => cores.states.map(({ health, stateReason }) => [health, stateReason?.code ?? null]);
  cores.report('count', 'ready', null);
  cores.reading('count', { read: 500, total: 5000 });
  expect(cores.states[0]?.reason).toBe('reading the clients: 500 of 5000 entries');
  cores.report('count', 'degraded', because('busy'));
  expect(shown()).toEqual([['degraded', because('busy').code]]);
  cores.report('count', 'ready', null);
  cores.reading('count', null);
  expect(shown()).toEqual([['ready', null]]);
  await office.close();
});

it("sees the contacts of its own deals only, though another core's deals have the same ids", async () => {
  const office = await openOffice();
  const deal = { id: 'deal-1', name: 'Pumps', stage: null, url: null };
  const owner = (id: string, phone: string) => client(id, [phone], { deals: [deal] });
  const clients = [owner('one:c1', '+79160000001'), owner('two:c1', '+79160000002')];
  await office.intake.apply([{ op: 'put-clients', clients, at: office.clock.now() }]);
  for (const raw of ['+79160000001', '+79160000002'])
    await office.intake.emit(ringingCall(raw, { party: { raw, name: null, withheld: false } }));
  const made: CountingCore[] = [];
  const kinds = countingKinds((core) => void made.push(core));
  const history = (query: HistoryQuery) => office.store.read.interactions(query);
  coresOf(office, { one: { kind: 'counting' }, two: { kind: 'counting' } }, { kinds, history });
  const seen = made.map(async ({ context }) => {
    const { items } = await context.history({ deal: 'deal-1', limit: 10, cursor: null });
    return items.map((one) => one.client?.id);
  });
  expect(await Promise.all(seen)).toEqual([['one:c1'], ['two:c1']]);
  await office.close();
});

describe('a minimal CRM core', () => {
  let office: Office;
  let core: CountingCore;
  let scheduler: DeliveryScheduler;

  beforeEach(async () => {
    office = await openOffice();
  });
  afterEach(async () => {
    await scheduler.stop(100);
    await office.close();
  });

  /** Starts delivering to a core that accepts these kinds. */
  async function deliver(...wants: SubjectKind[]): Promise<void> {
    const kinds = countingKinds(
      (made) => {
        core = made;
      },
      { wants },
    );
    const cores = coresOf(office, settings, { kinds });
    await office.intake.apply([
      { op: 'destinations', names: Object.keys(settings), wants: cores.wants, at: office.clock.now() },
    ]);
    scheduler = new DeliveryScheduler({
      read: office.store.read,
      claim: (claim) => office.store.claimOwed(claim),
      release: (ids) => office.store.releaseOwed(ids),
      apply: (writes) => office.intake.apply(writes),
      clock: office.clock,
      log: office.log,
      destinations: configuredDestinations(settings, cores.destinations),
      poll: 50,
    });
    scheduler.start();
  }

  const kindsDelivered = () => [...new Set(core.delivered.map(({ kind }) => kind))].toSorted();
  const owedKinds = async () => {
    const { items } = await office.store.read.owed({ limit: 50, cursor: null });
    return [...new Set(items.map(({ kind }) => kind))].toSorted();
  };

  it('receives the kinds that it wants, each with the latest state', async () => {
    await deliver('interaction', 'lead', 'task', 'client_erasure');
    await office.call('PUT', '/api/v1/clients/c1', { name: 'Ромашка' });
    await office.intake.emit(missedNow());
    expect((await office.call('DELETE', '/api/v1/clients/c1')).status).toBe(204);
    await expect.poll(kindsDelivered).toEqual(['client_erasure', 'interaction', 'lead', 'task']);
    const [erased] = core.delivered.filter((one) => one.kind === 'client_erasure');
    expect(erased).toEqual({ kind: 'client_erasure', client: 'c1' });
    const [lead] = (await office.store.read.leads({ limit: 1, cursor: null })).items;
    expect(core.delivered.findLast((one) => one.kind === 'lead')).toEqual({ kind: 'lead', lead });
    await expect
      .poll(async () => (await office.store.read.owed({ limit: 50, cursor: null })).items.map(({ state }) => state))
      .toEqual(Array(4).fill('done'));
  });

  it('receives nothing that it does not want', async () => {
    await deliver('interaction');
    await office.call('PUT', '/api/v1/clients/c1', { name: 'Ромашка' });
    await office.intake.emit(missedNow());
    await office.call('DELETE', '/api/v1/clients/c1');
    await expect.poll(kindsDelivered).toEqual(['interaction']);
    expect(await owedKinds()).toEqual(['interaction']);
  });

  it('does not receive the erasure of a client that has come back, but does receive the next one', async () => {
    await deliver('client_erasure');
    await scheduler.stop(0);
    const put = () => office.call('PUT', '/api/v1/clients/c1', { name: 'Ромашка' });
    await put();
    await office.call('DELETE', '/api/v1/clients/c1');
    await put();
    await deliver('client_erasure');
    const state = async () => (await office.store.read.owed({ limit: 1, cursor: null })).items[0];
    await expect.poll(async () => (await state())?.state).toBe('done');
    expect(core.delivered).toEqual([]);
    await office.call('DELETE', '/api/v1/clients/c1');
    await expect.poll(() => core.delivered).toEqual([{ kind: 'client_erasure', client: 'c1' }]);
    expect(await state()).toMatchObject({ revision: 2 });
  });

  it('is retried after a failure', async () => {
    await deliver('interaction');
    let tries = 0;
    core.answer = async () => {
      tries += 1;
      return tries < 2
        ? { kind: 'retry', reason: because('busy'), after: null, status: 503 }
        : { kind: 'done', link: null };
    };
    await office.intake.emit(ringingCall('one'));
    await expect.poll(() => tries, { timeout: 10_000 }).toBe(2);
  });

  it('does not park deliveries owed to a core of another kind', async () => {
    await deliver('interaction', 'task');
    await scheduler.stop(0);
    await office.intake.emit(missedNow());
    await deliver('interaction');
    await expect
      .poll(async () => (await office.store.read.owed({ limit: 50, cursor: null })).items.map(({ state }) => state))
      .toEqual(['done', 'done']);
    expect(kindsDelivered()).toEqual(['interaction']);
  });
});

describe('a CRM core in the whole program', () => {
  it('needs one line in the registry to receive deliveries, be read and accept webhooks', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'patchbay-core-'));
    let core: CountingCore | undefined;
    const kinds = {
      ...coreKinds,
      ...countingKinds((made) => {
        made.clients = [aClient('7')];
        core = made;
      }),
    };
    const text = `http: { port: 0 }
store: { url: "${storeUrl(join(dir, 'p.db'))}" }
blobs: { url: "file:${join(dir, 'blobs')}" }
clients: { sources: [count] }
destinations: { count: { kind: counting } }`;
    const schemas = { connectors: {}, destinations: { counting: { type: 'object' } }, directories: ['counting'] };
    const config = parseConfig(text, 'p.yaml', schemas, {});
    const patchbay = await startPatchbay(config, silentLogger, kinds);
    try {
      await expect.poll(() => patchbay.store.read.client('count:7' as never)).toMatchObject({ name: 'Ромашка' });
      const answer = await fetch(`${patchbay.url}/api/v1/hooks/count`, { method: 'POST', body: '{"a":1}' });
      expect([answer.status, await answer.text()]).toEqual([200, '1']);
      expect(core?.hooks[0]?.body.toString()).toBe('{"a":1}');
      await patchbay.store.apply([{ op: 'contact', event: ringingCall('one') }]);
      await expect.poll(() => core?.delivered.length ?? 0, { timeout: 10_000 }).toBeGreaterThan(0);
    } finally {
      await patchbay.stop();
      await rm(dir, { recursive: true, force: true });
    }
  }, 30_000);
});

/** A call missed just now, because old ones create no task. */
function missedNow() {
  const endedAt = Date.now();
  return { ...missedCall('one'), startedAt: endedAt - 20_000, endedAt };
}

function aClient(id: string) {
  const none = { responsible: null, segment: null, url: null, contacts: [], deals: [], fields: [] };
  return { id, name: 'Ромашка', kind: 'company', identifiers: [], ...none } as const;
}
