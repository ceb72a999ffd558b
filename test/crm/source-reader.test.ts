import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ClientId } from '../../src/domain/base/ids.ts';
import type { SourceClient } from '../../src/domain/directory/directory-source.ts';
import { SourceReader } from '../../src/matching/sources/source-reader.ts';
import { ServiceError } from '../../src/runtime/http/service-error.ts';
import { coresOf } from '../support/cores.ts';
import { type Office, openOffice, ringingCall } from '../support/office.ts';
import { because } from '../support/written.ts';
import { type CountingCore, countingKinds } from './counting-core.ts';

const day = 24 * 3600_000;

function aClient(id: string, name: string, ...phones: string[]): SourceClient {
  const none = { responsible: null, segment: null, url: null, contacts: [], deals: [], fields: [] };
  const identifiers = phones.map((value) => ({ kind: 'phone', value }) as const);
  return { id, name, kind: 'company', identifiers, ...none };
}

describe('a directory source', () => {
  let office: Office;
  let core: CountingCore;
  let reader: SourceReader;
  let states: string[];

  beforeEach(async () => {
    office = await openOffice({ users: false });
    coresOf(office, { crm: { kind: 'counting' } }, { kinds: countingKinds((made) => (core = made)) });
    states = [];
  });
  afterEach(async () => {
    await reader.stop();
    await office.close();
  });

  function read(): void {
    reader = new SourceReader({
      source: 'crm',
      directory: core,
      read: office.store.read,
      leases: office.store.leases,
      apply: (writes) => office.intake.apply(writes),
      country: 'RU',
      clock: office.clock,
      log: office.log,
      report: (health) => void states.push(health),
      interval: 20,
    });
    reader.start();
  }

  const names = async () => {
    const ids = await office.store.read.clientsOfSource('crm', '', 100);
    return Promise.all(ids.map(async (id) => `${id} ${(await office.store.read.client(id))?.name}`));
  };

  it('is read in full, then by changes, and resumes where it stopped', async () => {
    core.clients = [aClient('1', 'Ромашка', '8 (916) 000-00-01', 'звонить после обеда'), aClient('2', 'Лютик')];
    read();
    await expect.poll(names).toEqual(['crm:1 Ромашка', 'crm:2 Лютик']);
    expect(await office.store.read.client('crm:1' as ClientId)).toMatchObject({
      identifiers: [{ kind: 'phone', value: '+79160000001' }],
    });
    core.changes.push({ clients: [aClient('3', 'Пион')], removed: ['2'], cursor: '1' });
    await expect.poll(names).toEqual(['crm:1 Ромашка', 'crm:3 Пион']);
    await reader.stop();
    core.changes.push({ clients: [aClient('1', 'Ромашка+')], removed: [], cursor: '2' });
    read();
    await expect.poll(names).toEqual(['crm:1 Ромашка+', 'crm:3 Пион']);
    expect(core.fullReadings).toBe(1);
    await expect.poll(() => states.at(-1)).toBe('ready');
  });

  it('is read in full again after a day, and missing clients are removed', async () => {
    await office.call('PUT', '/api/v1/clients/other', { name: 'Of nobody' });
    core.clients = [aClient('1', 'Ромашка'), aClient('2', 'Лютик')];
    read();
    await expect.poll(names).toHaveLength(2);
    core.clients = [aClient('2', 'Лютик')];
    office.clock.shift(day);
    await expect.poll(names).toEqual(['crm:2 Лютик']);
    // A source that returns no clients at all has probably lost its permission, so nothing is removed.
    core.clients = [];
    office.clock.shift(day);
    await expect.poll(() => core.fullReadings).toBe(3);
    expect(await names()).toEqual(['crm:2 Лютик']);
    expect(await office.store.read.client('other' as ClientId)).not.toBeNull();
  });

  it('saves its cursor only when everything before it is committed', async () => {
    core.clients = [aClient('1', 'Ромашка')];
    const readAll = core.readAll.bind(core);
    let broken = true;
    core.readAll = async function* () {
      yield { clients: [aClient('1', 'Ромашка')], removed: [], cursor: '0' };
      if (broken) throw new ServiceError('later', because('busy'), 10);
      yield* readAll();
    };
    read();
    await expect.poll(() => states.at(-1)).toBe('degraded');
    broken = false;
    await expect.poll(() => core.fullReadings).toBe(1);
    await expect.poll(() => states.at(-1)).toBe('ready');
  });

  it('is asked once about each unknown caller, and provides the name', async () => {
    read();
    await expect.poll(() => core.fullReadings).toBe(1);
    core.clients = [aClient('9', 'Новый', '+79161234567')];
    office.intake.changes.on('change', ({ interaction }) => reader.notice(interaction));
    await office.intake.emit(ringingCall('a'));
    await office.intake.emit(ringingCall('b'));
    const clients = async () =>
      (await office.store.read.interactions({ limit: 5, cursor: null })).items.map(({ client }) => client?.name);
    await expect.poll(clients).toEqual(['Новый', 'Новый']);
    expect(core.lookedUp).toEqual([{ kind: 'phone', value: '+79161234567' }]);
  });
});
