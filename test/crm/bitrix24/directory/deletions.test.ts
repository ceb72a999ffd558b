import { beforeEach, describe, expect, it } from 'vitest';
import type { Portal } from '../../../support/bitrix24/portal.ts';
import { openReading, patience, portalFor, type Reading } from './reading.ts';

let reading: Reading;
let portal: Portal;

beforeEach(async () => {
  reading = await openReading();
  portal = await portalFor(reading);
  const DATE_MODIFY = new Date(reading.office.clock.now()).toISOString();
  portal.core.cards.COMPANY.add({ TITLE: 'A', DATE_MODIFY });
  portal.core.cards.CONTACT.add({ NAME: 'Ivan', COMPANY_ID: '1', DATE_MODIFY });
  portal.core.cards.CONTACT.add({ NAME: 'Olga', DATE_MODIFY });
  portal.core.cards.DEAL.add({ TITLE: 'Roof', COMPANY_ID: '1', CLOSED: 'N', STAGE_ID: 'NEW', DATE_MODIFY });
});

const bound = () => portal.state.bound.filter(({ isOffline }) => isOffline).map(({ event }) => event);

describe('deletions that the portal keeps as offline events', () => {
  it('remove clients, contact persons and deals, and leave the queue once that is stored', async () => {
    await reading.readAsApp('b24', portal);
    await expect.poll(() => reading.ids(), patience).toEqual(['b24:company-1', 'b24:contact-2']);
    await expect.poll(bound, patience).toHaveLength(4);
    await portal.people.deleteContact(2);
    await portal.people.deleteContact(1);
    portal.core.cards.DEAL.delete(1);
    portal.core.raise('ONCRMDEALDELETE', { FIELDS: { ID: '1' } }, 1);
    await expect.poll(() => reading.ids(), patience).toEqual(['b24:company-1']);
    await expect.poll(() => reading.client('b24:company-1'), patience).toMatchObject({ contacts: [], deals: [] });
    await expect.poll(() => portal.state.offline, patience).toEqual([]);
    expect(portal.state.complaints).toEqual([]);
  });

  it('are taken again by the next start if their consequences were not stored', async () => {
    const reader = await reading.readAsApp('b24', portal);
    await expect.poll(bound, patience).toHaveLength(4);
    portal.core.cards.DEAL.delete(1);
    // The events are reserved, and then the portal fails.
    portal.faults.on('crm.company.contact.items.get', '500', { times: 1000 });
    portal.core.raise('ONCRMDEALDELETE', { FIELDS: { ID: '1' } }, 1);
    await expect.poll(() => portal.state.offline.map(({ processId }) => processId !== null), patience).toEqual([true]);
    await reader.stop();
    expect(await reading.client('b24:company-1')).toMatchObject({ deals: [{ id: 'deal-1' }] });
    portal.faults.clear();
    await reading.readAsApp('b24', portal);
    await expect.poll(() => reading.client('b24:company-1'), patience).toMatchObject({ deals: [] });
    await expect.poll(() => portal.state.offline, patience).toEqual([]);
  });

  it('do without the queue if the portal does not allow it', async () => {
    portal = await portalFor(reading, {
      users: [
        { id: 1, name: 'Anna', extension: '101', admin: false },
        { id: 2, name: 'Petr', admin: true },
      ],
      app: { clientId: 'local.1', clientSecret: 'secret', scopes: ['crm', 'telephony', 'user'], userId: 1 },
    });
    const DATE_MODIFY = new Date(reading.office.clock.now()).toISOString();
    portal.core.cards.CONTACT.add({ NAME: 'Olga', DATE_MODIFY });
    portal.core.cards.CONTACT.add({ NAME: 'Ivan', DATE_MODIFY });
    await reading.readAsApp('b24', portal);
    await expect.poll(() => reading.ids(), patience).toHaveLength(2);
    await portal.people.deleteContact(1);
    await expect.poll(() => reading.ids(), patience).toEqual(['b24:contact-2']);
    expect(bound()).toEqual([]);
  });
});
