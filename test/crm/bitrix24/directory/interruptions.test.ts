import { beforeEach, describe, expect, it } from 'vitest';
import type { FaultKind } from '../../../support/bitrix24/faults.ts';
import { manyContacts, openReading, patience, portalFor, type Reading } from './reading.ts';

let reading: Reading;

beforeEach(async () => {
  reading = await openReading();
});

const faults: readonly FaultKind[] = ['500', 'html', 'malformed', 'empty', 'cut-after', '503', 'overload'];

describe('a full reading of 5,000 contacts', () => {
  const count = 5000;

  it('takes few requests, reports how far it is, and needs no count of each page', async () => {
    const portal = await portalFor(reading, manyContacts(count));
    reading.read('b24', portal);
    await expect.poll(async () => (await reading.ids()).length, patience).toBe(count);
    expect(reading.progress.at(0)).toEqual({ read: 500, total: count });
    expect(reading.progress.at(-1)).toEqual({ read: count, total: count });
    expect(portal.state.counts.get('crm.contact.list')).toBeLessThan(count / 50 + 40);
    expect(portal.state.complaints).toEqual([]);
  }, 60_000);

  it('goes on where it stopped: after a fault, and after a restart', async () => {
    const portal = await portalFor(reading, manyContacts(count));
    portal.faults.on('crm.contact.list', '500', { nth: 45 });
    const reader = reading.read('b24', portal);
    await expect.poll(() => reading.states.at(-1), patience).toBe('b24 degraded');
    await reader.stop();
    const before = (await reading.ids()).length;
    expect(before).toBeGreaterThan(1000);
    expect(before).toBeLessThan(count);
    const lists = portal.state.counts.get('crm.contact.list') ?? 0;
    reading.read('b24', portal);
    await expect.poll(async () => (await reading.ids()).length, patience).toBe(count);
    const again = (portal.state.counts.get('crm.contact.list') ?? 0) - lists;
    expect(again).toBeLessThan((count - before) / 50 + 30);
  }, 60_000);

  it('meets a contact that is changed or deleted behind it', async () => {
    const portal = await portalFor(reading, manyContacts(count));
    reading.office.clock.shift(600_000);
    portal.faults.on('crm.contact.list', '500', { nth: 45 });
    reading.read('b24', portal);
    await expect.poll(() => reading.states.at(-1), patience).toBe('b24 degraded');
    await portal.people.editContact(7, { NAME: 'Changed' });
    portal.core.cards.CONTACT.delete(8);
    await expect.poll(async () => (await reading.client('b24:contact-7'))?.name, patience).toBe('Changed');
    await expect.poll(() => reading.client('b24:contact-8'), patience).toBeNull();
  }, 60_000);
});

describe('many changes at once', () => {
  it('are all seen, although the sweep is interrupted again and again', async () => {
    const portal = await portalFor(reading, manyContacts(300));
    reading.office.clock.shift(600_000);
    reading.read('b24', portal);
    await expect.poll(async () => (await reading.ids()).length, patience).toBe(300);
    for (const nth of [3, 9, 14]) portal.faults.on('crm.contact.list', '500', { nth });
    for (let id = 1; id <= 300; id += 1) await portal.people.editContact(id, { NAME: 'Same' });
    const last = async () => (await reading.client('b24:contact-300'))?.name;
    await expect.poll(last, patience).toBe('Same');
    expect((await reading.client('b24:contact-1'))?.name).toBe('Same');
    expect(portal.state.complaints).toEqual([]);
  });
});

describe('a spoiled answer', () => {
  it.each(faults)(
    '(%s) removes nobody and is asked for again, in any request',
    async (fault) => {
      const portal = await portalFor(reading, manyContacts(60));
      for (const method of ['user.get', 'server.time', 'crm.contact.list', 'crm.deal.list', 'batch', 'crm.status.list'])
        portal.faults.on(method, fault);
      reading.read('b24', portal);
      await expect.poll(async () => (await reading.ids()).length, patience).toBe(60);
      // Everything that follows changes and compares what is known is spoiled for a while.
      portal.faults.everything = fault;
      const spoiled = portal.faults.happened.length + 2;
      await expect.poll(() => portal.faults.happened.length, patience).toBeGreaterThan(spoiled);
      expect(await reading.ids()).toHaveLength(60);
      portal.faults.everything = null;
      portal.core.cards.CONTACT.delete(9);
      await expect.poll(async () => (await reading.ids()).length, patience).toBe(59);
    },
    120_000,
  );
});
