import { beforeEach, describe, expect, it } from 'vitest';
import type { DirectorySource } from '../../../../src/domain/directory/directory-source.ts';
import type { Portal } from '../../../support/bitrix24/portal.ts';
import { coresOf } from '../../../support/cores.ts';
import { ringingCall, staff } from '../../../support/office.ts';
import { openReading, patience, portalFor, type Reading, settingsOf } from './reading.ts';

const { signal } = new AbortController();

let reading: Reading;
let portal: Portal;
let directory: DirectorySource;

function sourceOf(from: Portal, lookup = 1500): DirectorySource {
  const settings = settingsOf(from, { directory: { lookup } });
  return coresOf(reading.office, { b24: settings }, { staff: () => staff }).source('b24');
}

function fill(to: Portal): void {
  to.core.cards.COMPANY.add({ TITLE: 'Ромашка', ASSIGNED_BY_ID: '2', EMAIL: ['office@romashka.example'] });
  to.core.cards.CONTACT.add({ NAME: 'Ivan', PHONE: ['8 (916) 123-45-67'], COMPANY_ID: '1' });
  to.core.cards.CONTACT.add({ NAME: 'Olga', EMAIL: ['Olga@Example.com'], PHONE: ['+79160000002'] });
}

beforeEach(async () => {
  reading = await openReading();
  portal = await portalFor(reading);
  fill(portal);
  directory = sourceOf(portal);
});

const found = async (kind: 'phone' | 'email' | 'account', value: string) =>
  (await directory.lookUp({ kind, value }, signal)).map(({ id, name }) => `${id} ${name}`);

describe('the search for an unknown party', () => {
  it('finds by telephone the company of the contact, and its responsible manager', async () => {
    expect(await found('phone', '+79161234567')).toEqual(['company-1 Ромашка']);
    expect((await directory.lookUp({ kind: 'phone', value: '+79161234567' }, signal))[0]).toMatchObject({
      responsible: 'm2',
      contacts: [{ id: 'contact-1', name: 'Ivan' }],
    });
    expect(await found('phone', '+79160000002')).toEqual(['contact-2 Olga']);
    expect(await found('phone', '+79169999999')).toEqual([]);
    expect(portal.state.complaints).toEqual([]);
  });

  it('finds by address, and does not search for accounts', async () => {
    expect(await found('email', 'olga@example.com')).toEqual(['contact-2 Olga']);
    expect(await found('email', 'office@romashka.example')).toEqual(['company-1 Ромашка']);
    expect(await found('email', 'nobody@example.com')).toEqual([]);
    expect(await found('account', 'telegram:1')).toEqual([]);
  });

  it('uses the search for duplicates where the search of telephony is not allowed', async () => {
    portal = await portalFor(reading, { webhooks: [{ userId: 1, secret: 'hook', scopes: ['crm', 'user'] }] });
    fill(portal);
    directory = sourceOf(portal);
    expect(await found('phone', '+79161234567')).toEqual(['company-1 Ромашка']);
  });

  it('gives up after its own time limit, so that the caller does not wait', async () => {
    directory = sourceOf(portal, 100);
    portal.faults.on('telephony.externalCall.searchCrmEntities', 'hang-before');
    await expect(found('phone', '+79161234567')).rejects.toMatchObject({ name: 'ServiceError' });
  });

  it('gives a ringing call its name although the sweep has not seen the client', async () => {
    const reader = reading.read('b24', await portalFor(reading));
    await expect.poll(() => reading.states.at(-1), patience).toBe('b24 ready');
    await reader.stop();
    const later = reading.read('b24', portal);
    await expect.poll(() => reading.states.filter((state) => state === 'b24 ready'), patience).not.toHaveLength(1);
    reading.office.intake.changes.on('change', ({ interaction }) => later.notice(interaction));
    await reading.office.intake.emit(ringingCall('a'));
    const name = async () =>
      (await reading.office.store.read.interactions({ limit: 1, cursor: null })).items[0]?.client?.name;
    await expect.poll(name, patience).toBe('Ромашка');
  });
});
