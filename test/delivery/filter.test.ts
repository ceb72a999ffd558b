import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { configuredDestinations } from '../../src/delivery/configured.ts';
import type { SchedulerOptions } from '../../src/delivery/options.ts';
import { DeliveryScheduler } from '../../src/delivery/scheduler.ts';
import type { OpenQueue, QueueListener } from '../../src/delivery/shared-queue.ts';
import type { InteractionId } from '../../src/domain/base/ids.ts';
import type { SubjectKind } from '../../src/domain/delivery/delivery.ts';
import { subjectId } from '../../src/domain/delivery/destination.ts';
import type { CompanyPeople, DeliveryFilter } from '../../src/domain/delivery/filter.ts';
import type { Line } from '../../src/domain/directory/manager.ts';
import type { ContactEvent } from '../../src/domain/interaction/contact-event.ts';
import type { Write } from '../../src/domain/ports/writes.ts';
import { type CountingCore, countingKinds } from '../crm/counting-core.ts';
import { call, client, endedCall, leg, manager } from '../support/calls.ts';
import { coresOf } from '../support/cores.ts';
import { type Office, openOffice } from '../support/office.ts';
import { because, letter } from '../support/written.ts';

const line = (id: string, address: string, route: string | null): Line => ({
  id,
  channel: 'email',
  address,
  label: id,
  connection: null,
  attribution: { source: null, medium: null, campaign: null },
  route,
});

/** Anna and Boris sell, Vera and Gleb support. Letters to `help@` lead to Vera, those to `info@` to nobody in particular. */
const people: CompanyPeople = {
  staff: {
    managers: [
      manager('anna', '101', { department: 'Sales' }),
      manager('boris', '102', { department: 'Sales' }),
      manager('vera', '103', { department: 'Support' }),
      manager('gleb', '104', { department: 'Support' }),
    ],
    lines: [line('help', 'help@our.example', 'manager:vera'), line('info', 'info@our.example', null)],
  },
  routing: { rules: [], groups: {}, fallback: { kind: 'default' } },
};

const anna = { id: 'anna', name: 'Manager anna' };

/** How long a test waits on a busy machine. */
const patience = { timeout: 20_000 };

describe('a filter', () => {
  let office: Office;
  let core: CountingCore;
  let scheduler: DeliveryScheduler;

  beforeEach(async () => {
    office = await openOffice({ users: false });
    await apply({ op: 'staff', staff: people.staff, at: office.clock.now() });
    await apply({ op: 'put-clients', clients: [vasya], at: office.clock.now() });
  });
  afterEach(async () => {
    await scheduler.stop(100);
    await office.close();
  });

  /** A client of Vera, who supports. */
  const vasya = client('c1', [], {
    responsible: 'vera',
    identifiers: [
      { kind: 'phone', value: '+79160000001' },
      { kind: 'email', value: 'vasya@example.com' },
    ],
  });
  /** Known callers make no leads. */
  const ofClient = { party: { raw: '+79160000001', name: null, withheld: false } };
  const ofVasya = { party: { raw: '+79160000009', name: null, withheld: false } };
  const ofVera = (id: string) =>
    letter(id, { at: now(), party: { phone: null, email: 'vasya@example.com', account: null, name: null } });
  const now = () => office.clock.now();

  async function apply(...writes: readonly Write[]): Promise<void> {
    for (const result of await office.intake.apply(writes)) if (!result.ok) throw new Error(JSON.stringify(result));
  }

  const wants: readonly SubjectKind[] = ['interaction', 'lead', 'task', 'client_erasure'];

  /** A program that has not started yet. */
  async function build(
    filter: DeliveryFilter & { readonly rate?: number },
    more: Partial<SchedulerOptions> = {},
  ): Promise<void> {
    const settings = { crm: { kind: 'counting', ...filter } };
    const kinds = countingKinds(
      (made) => {
        core = made;
      },
      { wants },
    );
    const { destinations } = coresOf(office, settings, { kinds });
    await apply({ op: 'destinations', names: ['crm'], wants: { crm: wants }, at: now() });
    scheduler = new DeliveryScheduler({
      read: office.store.read,
      claim: (claim) => office.store.claimOwed(claim),
      release: (ids) => office.store.releaseOwed(ids),
      apply: (writes) => office.intake.apply(writes),
      clock: office.clock,
      log: office.log,
      destinations: configuredDestinations(settings, destinations),
      people: () => people,
      poll: 20,
      ...more,
    });
  }

  /** Starts a program that delivers to a core with this filter. */
  async function begin(...given: Parameters<typeof build>): Promise<void> {
    await build(...given);
    scheduler.start();
  }

  /** Waits until nothing is due, and returns the sorted ids of what the core was given since it was begun. */
  async function delivered(kind: SubjectKind = 'interaction'): Promise<readonly string[]> {
    await expect.poll(async () => (await owed()).filter(({ state }) => state === 'due'), patience).toEqual([]);
    return core.delivered
      .filter((one) => one.kind === kind)
      .map((one) => subjectId(one))
      .toSorted();
  }

  const owed = async () => (await office.store.read.owed({ limit: 100, cursor: null })).items;

  async function take(event: ContactEvent): Promise<string> {
    const [result] = await office.intake.apply([{ op: 'contact', event }]);
    return (result?.ok === true && result.changes[0]?.interaction.id) || '';
  }

  async function handOver(id: string, to: string): Promise<void> {
    await apply({ op: 'hand-over', id: id as InteractionId, to, note: null, by: anna, at: now() });
  }

  it('of departments takes what their managers are responsible for, handled, or were rung by', async () => {
    await begin({ departments: ['Sales'] });
    const rung = await take(call('rings at Anna', ofClient));
    const both = [leg('103'), leg('102')];
    const group = await take(endedCall('rings at Vera and Boris', { legs: both, state: 'missed' }));
    await take(call('rings at Vera', { legs: [leg('103')] }));
    await take(ofVera('a letter to Vera'));
    expect(await delivered()).toEqual([rung, group].toSorted());
  });

  it('of departments takes what waits for anybody, or on a line that leads to them', async () => {
    await begin({ departments: ['Sales'] });
    await take(letter('a', { at: now(), line: 'help@our.example' }));
    const info = await take(letter('b', { at: now(), line: 'info@our.example' }));
    const voice = { kind: 'ivr', extension: null } as const;
    const menu = call('in the menu', {
      startedAt: now(),
      legs: [leg('', voice)],
      party: { raw: '+79160000002', name: null, withheld: false },
    });
    const lost = await take(menu);
    expect(await delivered()).toEqual([info]);
    await office.intake.emit({ ...menu, state: 'missed', endedAt: menu.startedAt + 5000 });
    expect(await delivered()).toEqual([info, lost].toSorted());
    // Nobody has these leads yet either.
    expect(await delivered('lead')).toHaveLength(2);
  });

  it('of channels and without internal contacts takes the rest', async () => {
    await begin({ channels: ['call', 'form'], internal: false });
    await take(letter('a letter', { at: now() }));
    await take(endedCall('a colleague', { direction: 'internal', party: { raw: '102', name: null, withheld: false } }));
    const form = await take(letter('a form', { at: now(), channel: 'form', line: 'site' }));
    const missed = await take(
      endedCall('missed', { state: 'missed', startedAt: now() - 20_000, endedAt: now(), legs: [leg('101')] }),
    );
    expect(await delivered()).toEqual([form, missed].toSorted());
    expect(await delivered('task')).toEqual([form, missed].toSorted());
  });

  it('lets in what is handed over to its departments, with lead and task, and then never lets go of it', async () => {
    await begin({ departments: ['Sales'] });
    const id = await take(letter('a letter', { at: now(), line: 'help@our.example' }));
    expect(await delivered()).toEqual([]);
    expect((await owed()).map(({ kind, state }) => `${kind} ${state}`).toSorted()).toEqual([
      'interaction skipped',
      'lead skipped',
      'task skipped',
    ]);
    await handOver(id, 'anna');
    expect(await delivered()).toEqual([id]);
    expect(await delivered('task')).toEqual([id]);
    await expect.poll(() => delivered('lead'), patience).toHaveLength(1);
    await handOver(id, 'vera');
    expect(await delivered()).toEqual([id, id].toSorted());
    expect(await delivered('task')).toEqual([id, id].toSorted());
  });

  it('never lets go of what an attempt has begun', async () => {
    await begin({ departments: ['Sales'] });
    core.answer = async (subject) => {
      const step = { name: 'begin', call: async () => '7', settle: async () => ({ done: false }) as const };
      await core.context.ledger(subject).once(step);
      return { kind: 'retry', reason: because('busy'), after: 0, status: 503 };
    };
    const id = await take(letter('a letter', { at: now(), line: 'info@our.example' }));
    await expect.poll(() => core.delivered.filter(({ kind }) => kind === 'interaction'), patience).toHaveLength(1);
    await scheduler.stop(100);
    await handOver(id, 'vera');
    await begin({ departments: ['Sales'] });
    office.clock.shift(60_000);
    expect(await delivered()).toEqual([id]);
  });

  it('that has become wider delivers nothing old, but its next changes, and what a person asks for', async () => {
    await begin({ departments: ['Sales'] });
    const ids = [await take(ofVera('1')), await take(ofVera('2'))];
    expect(await delivered()).toEqual([]);
    await scheduler.stop(100);
    const waiting = await take(ofVera('3'));
    await begin({ departments: ['Sales', 'Support'] });
    expect(await delivered()).toEqual([waiting]);
    const [first, second] = ids;
    await handOver(first as string, 'boris');
    expect(await delivered()).toEqual([waiting, first].toSorted());
    const row = (await owed()).find(({ subject, kind }) => subject === second && kind === 'interaction');
    await apply({ op: 'retry-delivery', id: row?.id ?? '', at: now() });
    expect(await delivered()).toEqual([waiting, first, second].toSorted());
  });

  it('that has become narrower holds back what is owed, except for what was delivered', async () => {
    await begin({});
    const had = await take(ofVera('1'));
    expect(await delivered()).toEqual([had]);
    await scheduler.stop(100);
    await take(ofVera('2'));
    await handOver(had, 'gleb');
    await begin({ departments: ['Sales'] });
    expect(await delivered()).toEqual([had]);
  });

  it('does not hold back the erasure of a client', async () => {
    await begin({ channels: ['call'], departments: ['Sales'] });
    await apply({ op: 'delete-client', id: vasya.id, at: now() });
    expect(await delivered('client_erasure')).toEqual([vasya.id]);
  });

  it('costs the rate nothing', async () => {
    await begin({ departments: ['Sales'], rate: 0.01 });
    for (const id of ['1', '2', '3', '4', '5']) await take(ofVera(id));
    const rung = await take(endedCall('rings at Anna', ofClient));
    await expect.poll(() => core.delivered.map((one) => subjectId(one)), patience).toEqual([rung]);
  });

  it('also holds for calls that ring', async () => {
    await begin({ departments: ['Sales'] });
    await take(call('rings at Vera', { ...ofVasya, legs: [leg('103')] }));
    const rung = await take(call('rings at Anna', ofClient));
    expect(await delivered()).toEqual([rung]);
  });

  it('is asked before a shared queue, and again for what the queue still held', async () => {
    const queued: string[] = [];
    const listeners: QueueListener[] = [];
    const openQueue: OpenQueue = (_settings, listener) => {
      listeners.push(listener);
      const put = async (ids: readonly string[]) => {
        queued.push(...ids);
        for (const id of ids) void listener.take(id).then(() => listener.changed());
      };
      return { ready: true, put, takePlace: async () => 0, stop: async () => undefined };
    };
    await begin({ departments: ['Sales'] }, { openQueue });
    await take(ofVera('1'));
    const rung = await take(endedCall('rings at Anna', ofClient));
    expect(await delivered()).toEqual([rung]);
    const rows = await owed();
    expect(new Set(queued)).toEqual(new Set(rows.filter(({ subject }) => subject === rung).map(({ id }) => id)));
    await scheduler.stop(100);
    const held = await take(ofVera('2'));
    await build({ departments: ['Sales'] }, { openQueue });
    const row = (await owed()).find(({ subject, kind }) => subject === held && kind === 'interaction');
    await listeners.at(-1)?.take(row?.id ?? '');
    expect((await owed()).find(({ id }) => id === row?.id)).toMatchObject({ state: 'skipped' });
    expect(core.delivered).toEqual([]);
  });
});
