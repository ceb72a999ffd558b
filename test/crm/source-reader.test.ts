import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ClientId } from '../../src/domain/base/ids.ts';
import type { KnownClient, ReadingProgress, SourceClient } from '../../src/domain/directory/directory-source.ts';
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
  let progress: (ReadingProgress | null)[];

  beforeEach(async () => {
    office = await openOffice({ users: false });
    coresOf(office, { crm: { kind: 'counting' } }, { kinds: countingKinds((made) => (core = made)) });
    states = [];
    progress = [];
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
      progress: (made) => void progress.push(made),
      backoff: { min: 5, max: 50 },
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

  describe('that compares what is known', () => {
    const checked: (readonly KnownClient[])[] = [];
    const places: (string | null)[] = [];
    let failsAt = -1;

    beforeEach(() => {
      checked.length = 0;
      places.length = 0;
      failsAt = -1;
      Object.assign(core, {
        async check(known: readonly KnownClient[]) {
          checked.push(known);
          const gone = known.filter(({ id }) => !core.clients.some((client) => client.id === id));
          return { clients: [], removed: gone.map(({ id }) => id) };
        },
      });
      core.readAll = async function* (_signal: AbortSignal, from: string | null) {
        places.push(from);
        for (let i = Number(from ?? 0); i < core.clients.length; i += 1) {
          if (i === failsAt) throw new ServiceError('later', because('busy'), 10);
          const progress = { read: i + 1, total: core.clients.length };
          const client = core.clients[i] as SourceClient;
          yield { clients: [client], removed: [], cursor: null, place: String(i + 1), progress };
        }
        yield { clients: [], removed: [], cursor: '0' };
      };
      core.clients = ['1', '2', '3', '4'].map((id) => aClient(id, `Client ${id}`));
    });

    it('goes on with an interrupted full reading, also after a restart, and says how far it is', async () => {
      failsAt = 2;
      read();
      await expect.poll(() => places.at(-1)).toBe('2');
      await reader.stop();
      expect(await names()).toEqual(['crm:1 Client 1', 'crm:2 Client 2']);
      failsAt = -1;
      places.length = 0;
      progress.length = 0;
      read();
      await expect.poll(names).toHaveLength(4);
      await expect.poll(() => progress.at(-1)).toBeNull();
      expect(places).toEqual(['2']);
      expect(progress.at(-2)).toEqual({ read: 4, total: 4 });
    });

    it('follows changes while it is read again', async () => {
      read();
      await expect.poll(names).toHaveLength(4);
      failsAt = 1;
      office.clock.shift(day);
      await expect.poll(() => places.at(-1)).toBe('1');
      core.changes.push({ clients: [aClient('9', 'New')], removed: [], cursor: '1' });
      core.clients.push(aClient('9', 'New'));
      await expect.poll(names).toContain('crm:9 New');
    });

    it('loses only clients that the source says it does not have, a part of them at a time', async () => {
      read();
      await expect.poll(names).toHaveLength(4);
      core.clients = core.clients.slice(1);
      await expect.poll(names).toHaveLength(3);
      expect(checked[0]).toEqual(['1', '2', '3', '4'].map((id) => ({ id, contacts: [], deals: [] })));
    });
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
