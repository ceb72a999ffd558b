import { beforeEach, describe, expect, it } from 'vitest';
import type { Portal } from '../../../support/bitrix24/portal.ts';
import { openReading, patience, portalFor, type Reading } from './reading.ts';

let reading: Reading;
let portal: Portal;

beforeEach(async () => {
  reading = await openReading();
  portal = await portalFor(reading);
});

const now = () => new Date(reading.office.clock.now()).toISOString();
const dated = (fields: Readonly<Record<string, string | readonly string[]>>) => ({
  ASSIGNED_BY_ID: '1',
  DATE_MODIFY: now(),
  ...fields,
});
const contact = (fields: Readonly<Record<string, string | readonly string[]>>) =>
  portal.core.cards.CONTACT.add(dated(fields));
const company = (fields: Readonly<Record<string, string | readonly string[]>>) =>
  portal.core.cards.COMPANY.add(dated(fields));
const deal = (fields: Readonly<Record<string, string>>) =>
  portal.core.cards.DEAL.add(dated({ STAGE_ID: 'NEW', CATEGORY_ID: '0', CLOSED: 'N', ...fields }));
const lead = (fields: Readonly<Record<string, string | readonly string[]>>) =>
  portal.core.cards.LEAD.add(dated({ STATUS_ID: 'NEW', STATUS_SEMANTIC_ID: 'P', ...fields }));

describe('a full reading of a portal', () => {
  it('finds people, companies with their contact persons and open deals, and leads in progress', async () => {
    company({ TITLE: 'Ромашка', COMPANY_TYPE: 'CUSTOMER', PHONE: ['8 (495) 123-45-67'], ASSIGNED_BY_ID: '2' });
    company({ TITLE: 'Our own', IS_MY_COMPANY: 'Y', PHONE: ['+74950000000'] });
    contact({ NAME: 'Ivan', LAST_NAME: 'Petrov', PHONE: ['+79161234567'], COMPANY_ID: '1' });
    contact({ NAME: 'Olga', EMAIL: ['olga@example.com'] });
    deal({ TITLE: 'Roof', COMPANY_ID: '1', STAGE_ID: 'EXECUTING' });
    deal({ TITLE: 'Won', COMPANY_ID: '1', STAGE_ID: 'WON', CLOSED: 'Y' });
    deal({ TITLE: 'Door', CONTACT_ID: '2' });
    lead({ TITLE: 'Call from a site', PHONE: ['+79169999999'], ASSIGNED_BY_ID: '7' });
    lead({ TITLE: 'About a client', CONTACT_ID: '2', PHONE: ['+79168888888'] });
    lead({ TITLE: 'Junk', STATUS_SEMANTIC_ID: 'F' });
    reading.read('b24', portal);
    await expect.poll(() => reading.ids(), patience).toEqual(['b24:company-1', 'b24:contact-2', 'b24:lead-1']);
    expect(await reading.client('b24:company-1')).toEqual({
      id: 'b24:company-1',
      name: 'Ромашка',
      kind: 'company',
      responsible: 'm2',
      segment: 'CUSTOMER',
      url: `${portal.root}/crm/company/details/1/`,
      identifiers: [{ kind: 'phone', value: '+74951234567' }],
      contacts: [{ id: 'contact-1', name: 'Ivan Petrov', identifiers: [{ kind: 'phone', value: '+79161234567' }] }],
      deals: [{ id: 'deal-1', name: 'Roof', stage: 'Executing', url: `${portal.root}/crm/deal/details/1/` }],
      fields: [],
    });
    expect(await reading.client('b24:contact-2')).toMatchObject({
      name: 'Olga',
      kind: 'person',
      responsible: 'm1',
      identifiers: [{ kind: 'email', value: 'olga@example.com' }],
      deals: [{ id: 'deal-3', name: 'Door', stage: 'New' }],
    });
    expect(await reading.client('b24:lead-1')).toMatchObject({
      name: 'Call from a site',
      responsible: null,
      segment: 'New',
    });
    expect(portal.state.complaints).toEqual([]);
  });

  it('leaves leads out if the setting says so, and takes the segment from another field', async () => {
    lead({ TITLE: 'Somebody' });
    contact({ NAME: 'Olga', UF_CRM_CLASS: 'A' });
    const segment = { company: 'INDUSTRY', contact: 'UF_CRM_CLASS', lead: 'STATUS_ID' };
    reading.read('b24', portal, { directory: { leads: false, segment } });
    await expect.poll(() => reading.ids(), patience).toEqual(['b24:contact-1']);
    expect(await reading.client('b24:contact-1')).toMatchObject({ segment: 'A' });
  });

  it('shows a contact of several companies at each of them', async () => {
    company({ TITLE: 'A' });
    company({ TITLE: 'B' });
    contact({ NAME: 'Accountant', PHONE: ['+79161234567'], COMPANY_ID: '1', COMPANY_IDS: ['1', '2'] });
    reading.read('b24', portal);
    await expect.poll(() => reading.ids(), patience).toHaveLength(2);
    const hits = reading.office.store.directory.hits({ kind: 'phone', value: '+79161234567' });
    expect(hits.map(({ client, contact: person }) => `${client.id} ${person?.id}`).toSorted()).toEqual([
      'b24:company-1 contact-1',
      'b24:company-2 contact-1',
    ]);
  });

  it('keeps two portals apart', async () => {
    const other = await portalFor(reading);
    contact({ NAME: 'Ivan', PHONE: ['+79161234567'] });
    other.core.cards.CONTACT.add({ NAME: 'Another', PHONE: ['+79161234567'], DATE_MODIFY: now() });
    reading.read('b24', portal);
    reading.read('second', other);
    await expect.poll(() => reading.ids('second'), patience).toEqual(['second:contact-1']);
    await expect.poll(() => reading.ids(), patience).toEqual(['b24:contact-1']);
    expect((await reading.client('b24:contact-1'))?.name).toBe('Ivan');
    other.core.cards.CONTACT.delete(1);
    await expect.poll(() => reading.ids('second'), patience).toEqual([]);
    expect(await reading.ids()).toEqual(['b24:contact-1']);
  });
});

describe('changes in a portal', () => {
  const persons = async (id: string) => (await reading.client(id))?.contacts.map((person) => person.id) ?? null;

  beforeEach(async () => {
    company({ TITLE: 'A' });
    company({ TITLE: 'B' });
    contact({ NAME: 'Ivan', PHONE: ['+79161234567', '+79160000001'], COMPANY_ID: '1' });
    contact({ NAME: 'Olga', PHONE: ['+79162222222'] });
    deal({ TITLE: 'Roof', COMPANY_ID: '1' });
    reading.read('b24', portal);
    await expect.poll(() => reading.ids(), patience).toHaveLength(3);
    reading.office.clock.shift(30_000);
  });

  it('are seen within a minute: a phone removed, a name changed', async () => {
    await portal.people.editContact(2, { PHONE: [], LAST_NAME: 'Orlova' });
    await expect
      .poll(() => reading.client('b24:contact-2'), patience)
      .toMatchObject({ name: 'Olga Orlova', identifiers: [] });
    await portal.people.editContact(1, { PHONE: ['+79160000001'] });
    await expect
      .poll(async () => (await reading.client('b24:company-1'))?.contacts[0]?.identifiers, patience)
      .toEqual([{ kind: 'phone', value: '+79160000001' }]);
    expect(portal.state.complaints).toEqual([]);
  });

  it('take a contact from one company to the other, and from a company to itself and back', async () => {
    await portal.people.editContact(1, { COMPANY_ID: '2', PHONE: ['+79165555555'] });
    await expect.poll(() => persons('b24:company-2'), patience).toEqual(['contact-1']);
    await expect.poll(() => persons('b24:company-1'), patience).toEqual([]);
    reading.office.clock.shift(30_000);
    await portal.people.editContact(1, { COMPANY_ID: '0' });
    await expect.poll(() => persons('b24:company-2'), patience).toEqual([]);
    await expect.poll(() => reading.ids(), patience).toContain('b24:contact-1');
    reading.office.clock.shift(30_000);
    await portal.people.editContact(1, { COMPANY_ID: '1' });
    await expect.poll(() => persons('b24:company-1'), patience).toEqual(['contact-1']);
    await expect.poll(() => reading.ids(), patience).not.toContain('b24:contact-1');
  });

  it('concern a deal: its stage, its company, its end', async () => {
    await portal.people.edit('DEAL', 1, { STAGE_ID: 'EXECUTING' });
    await expect
      .poll(() => reading.client('b24:company-1'), patience)
      .toMatchObject({ deals: [{ stage: 'Executing' }] });
    reading.office.clock.shift(30_000);
    await portal.people.edit('DEAL', 1, { COMPANY_ID: '2' });
    await expect.poll(() => reading.client('b24:company-2'), patience).toMatchObject({ deals: [{ id: 'deal-1' }] });
    expect(await reading.client('b24:company-1')).toMatchObject({ deals: [] });
    reading.office.clock.shift(30_000);
    await portal.people.edit('DEAL', 1, { CLOSED: 'Y' });
    await expect.poll(() => reading.client('b24:company-2'), patience).toMatchObject({ deals: [] });
  });

  it('are found by comparing what is known, if nothing reports deletions', async () => {
    portal.core.cards.CONTACT.delete(2);
    await expect.poll(() => reading.ids(), patience).toEqual(['b24:company-1', 'b24:company-2']);
    portal.core.cards.CONTACT.delete(1);
    await expect.poll(() => persons('b24:company-1'), patience).toEqual([]);
    portal.core.cards.COMPANY.delete(2);
    await expect.poll(() => reading.ids(), patience).toEqual(['b24:company-1']);
  });

  it('are found in the same way if a deal is deleted', async () => {
    await expect.poll(() => reading.client('b24:company-1'), patience).toMatchObject({ deals: [{ id: 'deal-1' }] });
    // What was changed lately is read again, with its deals.
    reading.office.clock.shift(600_000);
    const sweeps = () => portal.state.counts.get('server.time') ?? 0;
    const settled = sweeps() + 3;
    await expect.poll(sweeps, patience).toBeGreaterThan(settled);
    portal.core.cards.DEAL.delete(1);
    await expect.poll(() => reading.client('b24:company-1'), patience).toMatchObject({ deals: [] });
  });

  it('leave the people of a deleted company as clients of their own', async () => {
    portal.core.cards.COMPANY.delete(1);
    portal.core.cards.CONTACT.update(1, { COMPANY_ID: '0' });
    await expect.poll(() => reading.ids(), patience).toEqual(['b24:company-2', 'b24:contact-1', 'b24:contact-2']);
  });

  it('cost two requests a sweep if nothing happens, and each change is read once', async () => {
    const lists = () => portal.state.counts.get('crm.contact.company.items.get') ?? 0;
    await portal.people.editContact(1, { POST: 'Director' });
    await expect.poll(lists, patience).toBeGreaterThan(0);
    reading.office.clock.shift(10_000);
    const sweeps = () => portal.state.counts.get('server.time') ?? 0;
    const settled = sweeps() + 3;
    await expect.poll(sweeps, patience).toBeGreaterThan(settled);
    const before = lists();
    const later = sweeps() + 3;
    await expect.poll(sweeps, patience).toBeGreaterThan(later);
    expect(lists()).toBe(before);
  });
});

it('a cursor of another kind of core does not stop the reading', async () => {
  contact({ NAME: 'Olga' });
  const place = { cursor: 'of a webhook', fullAt: reading.office.clock.now() };
  const connection = 'crm:b24';
  await reading.office.intake.apply([{ op: 'cursor', connection, name: 'directory', value: JSON.stringify(place) }]);
  reading.read('b24', portal);
  await expect.poll(() => reading.ids(), patience).toEqual(['b24:contact-1']);
});
