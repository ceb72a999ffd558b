import { beforeEach, describe, expect, it } from 'vitest';
import type { FaultKind } from '../../../support/bitrix24/faults.ts';
import { manyContacts, openReading, portalFor, type Reading } from './reading.ts';

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
    await expect.poll(async () => (await reading.ids()).length, { timeout: 30_000 }).toBe(count);
    expect(reading.progress.at(0)).toEqual({ read: 500, total: count });
    expect(reading.progress.at(-1)).toEqual({ read: count, total: count });
    expect(portal.state.counts.get('crm.contact.list')).toBeLessThan(count / 50 + 40);
    expect(portal.state.complaints).toEqual([]);
  }, 60_000);

  it('goes on where it stopped: after a fault, and after a restart', async () => {
    const portal = await portalFor(reading, manyContacts(count));
    portal.faults.on('crm.contact.list', '500', { nth: 45 });
    const reader = reading.read('b24', portal);
    await expect.poll(() => reading.states.at(-1)).toBe('b24 degraded');
    await reader.stop();
    const before = (await reading.ids()).length;
    expect(before).toBeGreaterThan(1000);
    expect(before).toBeLessThan(count);
    const lists = portal.state.counts.get('crm.contact.list') ?? 0;
    reading.read('b24', portal);
    await expect.poll(async () => (await reading.ids()).length, { timeout: 30_000 }).toBe(count);
    const again = (portal.state.counts.get('crm.contact.list') ?? 0) - lists;
    expect(again).toBeLessThan((count - before) / 50 + 30);
  }, 60_000);

  it('meets a contact that is changed or deleted behind it', async () => {
    const portal = await portalFor(reading, manyContacts(count));
    portal.faults.on('crm.contact.list', '500', { nth: 45 });
    reading.read('b24', portal);
    await expect.poll(() => reading.states.at(-1)).toBe('b24 degraded');
    await portal.people.editContact(7, { NAME: 'Changed' });
    portal.core.cards.CONTACT.delete(8);
    await expect.poll(async () => (await reading.client('b24:contact-7'))?.name, { timeout: 30_000 }).toBe('Changed');
    await expect.poll(() => reading.client('b24:contact-8'), { timeout: 30_000 }).toBeNull();
  }, 60_000);
});

describe('a spoiled answer', () => {
  it.each(faults)(
    '(%s) removes nobody and is asked for again, in any request',
    async (fault) => {
      const portal = await portalFor(reading, manyContacts(60));
      for (const method of ['user.get', 'server.time', 'crm.contact.list', 'crm.deal.list', 'batch', 'crm.status.list'])
        portal.faults.on(method, fault);
      reading.read('b24', portal);
      await expect.poll(async () => (await reading.ids()).length, { timeout: 60_000 }).toBe(60);
      // Everything that follows changes and compares what is known is spoiled for a while.
      portal.faults.everything = fault;
      const spoiled = portal.faults.happened.length + 2;
      await expect.poll(() => portal.faults.happened.length, { timeout: 60_000 }).toBeGreaterThan(spoiled);
      expect(await reading.ids()).toHaveLength(60);
      portal.faults.everything = null;
      portal.core.cards.CONTACT.delete(9);
      await expect.poll(async () => (await reading.ids()).length, { timeout: 60_000 }).toBe(59);
    },
    120_000,
  );
});
