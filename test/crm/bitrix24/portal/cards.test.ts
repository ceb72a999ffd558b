import { describe, expect, it } from 'vitest';
import { start } from './start.ts';

const generated = {
  count: 200_000,
  make: (id: number) => ({ NAME: `Client ${id}`, ASSIGNED_BY_ID: '2', PHONE: [`+7916${String(id).padStart(7, '0')}`] }),
};

describe('lists of cards', () => {
  it('answer fifty a page, with texts, and phones only when named', async () => {
    const { app } = await start({ contacts: generated });
    const { body } = await app.call('crm.contact.list', { select: ['ID', 'NAME'], filter: { '<=ID': 120 } });
    expect([body.result.length, body.total, body.next]).toEqual([50, 120, 50]);
    expect(body.result[0]).toEqual({ ID: '1', NAME: 'Client 1' });
    const [whole] = await app.result('crm.contact.list', { filter: { ID: 7 } });
    expect(whole).not.toHaveProperty('PHONE');
    const [phones] = await app.result('crm.contact.list', { filter: { ID: 7 }, select: ['PHONE'] });
    expect(phones).toEqual({ PHONE: [{ ID: '700', VALUE_TYPE: 'WORK', VALUE: '+79160000007', TYPE_ID: 'PHONE' }] });
  });

  it('read 200,000 contacts by id without counting', async () => {
    const { app } = await start({ contacts: generated });
    const { body } = await app.call('crm.contact.list', {
      order: { ID: 'ASC' },
      filter: { '>ID': 199_970 },
      select: ['ID'],
      start: -1,
    });
    expect(body.result).toHaveLength(30);
    expect(body).not.toHaveProperty('total');
    expect(body).not.toHaveProperty('next');
  });

  it('find what changed since', async () => {
    const { app, portal, clock } = await start({ contacts: generated });
    clock.pass(60);
    await portal.people.editContact(5, { NAME: 'Changed' });
    const rows = await app.result('crm.contact.list', {
      filter: { '>=DATE_MODIFY': '2026-12-01T09:01:00+00:00' },
      select: ['ID', 'NAME', 'DATE_MODIFY'],
    });
    expect(rows).toEqual([{ ID: '5', NAME: 'Changed', DATE_MODIFY: '2026-12-01T12:01:00+03:00' }]);
    await portal.people.deleteContact(6);
    expect(await app.result('crm.contact.list', { filter: { '@ID': [5, 6] }, select: ['ID'] })).toEqual([{ ID: '5' }]);
  });

  it('find by the origin, and by exact phones only', async () => {
    const { app } = await start();
    const fields = {
      TITLE: 'x',
      ORIGINATOR_ID: 'pb',
      ORIGIN_ID: 'a1',
      PHONE: [{ VALUE: '8 916 1', VALUE_TYPE: 'WORK' }],
    };
    await app.result('crm.lead.add', { fields });
    const find = async (filter: object) => (await app.result('crm.lead.list', { filter: filter as never })).length;
    expect(await find({ ORIGINATOR_ID: 'pb', ORIGIN_ID: 'a1' })).toBe(1);
    expect(await find({ ORIGIN_ID: 'a2' })).toBe(0);
    expect(await find({ PHONE: '8 916 1' })).toBe(1);
    expect(await find({ PHONE: '89161' })).toBe(0);
  });

  it('ignore fields that they do not know, and complain', async () => {
    const { app, portal } = await start();
    await app.result('crm.lead.add', { fields: { TITLE: 'x', CAMPAIGN: 'y', ID: 5 } });
    expect(await app.result('crm.lead.list', { filter: { NOTHING: 1 }, select: ['WHAT', 'ID'] })).toEqual([
      { ID: '1' },
    ]);
    expect(portal.state.complaints).toEqual([
      'crm.lead.add: unknown field fields[CAMPAIGN]',
      'crm.lead.add: read-only field fields[ID]',
      'crm.lead.list: unknown field WHAT in select',
      'crm.lead.list: unknown field NOTHING in filter',
    ]);
  });
});

describe('a card', () => {
  it('keeps, changes and deletes its phones by their ids', async () => {
    const { app } = await start();
    await app.result('crm.contact.add', { fields: { NAME: 'Ivan', PHONE: [{ VALUE: '1' }, { VALUE: '2' }] } });
    const { PHONE } = await app.result('crm.contact.get', { id: 1 });
    const changed = [{ ID: PHONE[0].ID, VALUE: '11' }, { ID: PHONE[1].ID, VALUE: '' }, { VALUE: '3' }];
    await app.result('crm.contact.update', { id: 1, fields: { PHONE: changed } });
    const after = await app.result('crm.contact.get', { id: 1 });
    expect(after.PHONE.map(({ VALUE }: { VALUE: string }) => VALUE)).toEqual(['11', '3']);
  });

  it('must exist, and its fields must be an object', async () => {
    const { app } = await start();
    expect(await app.call('crm.contact.get', { id: 9 })).toMatchObject({
      status: 400,
      body: { error_description: 'Not found' },
    });
    expect(await app.call('crm.contact.add', { fields: 'x' })).toMatchObject({
      status: 400,
      body: { error: '', error_description: "Parameter 'fields' must be array." },
    });
  });

  it('has numbers and camelCase in the modern methods', async () => {
    const { app } = await start();
    const { item } = await app.result('crm.item.add', {
      entityTypeId: 3,
      fields: {
        name: 'Ivan',
        assignedById: 2,
        fm: { n0: { typeId: 'PHONE', valueType: 'WORK', value: '+79161234567' } },
      },
    });
    expect(item).toMatchObject({
      id: 1,
      name: 'Ivan',
      assignedById: 2,
      fm: [{ typeId: 'PHONE', value: '+79161234567' }],
    });
    const few = await app.result('crm.item.list', { entityTypeId: 3, select: ['id', 'fm'], filter: { '>id': 0 } });
    expect(few.items).toEqual([{ id: 1 }]);
    const { items } = await app.result('crm.item.list', { entityTypeId: 3, filter: { assignedById: 2 } });
    expect(items[0].fm).toHaveLength(1);
    const fm = { [items[0].fm[0].id]: { value: '' } };
    expect((await app.result('crm.item.update', { entityTypeId: 3, id: 1, fields: { fm } })).item.fm).toEqual([]);
    const wrong = await app.call('crm.item.list', { entityTypeId: 3, filter: { PHONE: 1 } });
    expect(wrong).toMatchObject({ status: 400, body: { error: 'INVALID_ARG_VALUE' } });
  });
});

describe('duplicates', () => {
  it('are found by phone and e-mail; an empty answer is a list', async () => {
    const { hook } = await start();
    await hook.result('crm.contact.add', { fields: { EMAIL: [{ VALUE: 'Ivan@Example.com' }] } });
    await hook.result('crm.company.add', { fields: { TITLE: 'x', PHONE: [{ VALUE: '8 (916) 123-45-67 доб. 5' }] } });
    const find = (type: string, value: string) => hook.result('crm.duplicate.findbycomm', { type, values: [value] });
    expect(await find('EMAIL', 'ivan@example.com')).toEqual({ CONTACT: [1] });
    expect(await find('PHONE', '+79161234567')).toEqual({ COMPANY: [1] });
    expect(await find('PHONE', '1')).toEqual([]);
    expect((await hook.call('crm.duplicate.findbycomm', { values: ['1'] })).body.error).toBe(
      'Communication type is not defined',
    );
  });

  it('stop at twenty of one type', async () => {
    const { hook } = await start({ rate: 'off' });
    const lead = 'crm.lead.add?fields[PHONE][0][VALUE]=%2B79161234567';
    await hook.result('batch', { cmd: Array.from({ length: 21 }, () => lead) });
    await hook.result('crm.contact.add', { fields: { PHONE: [{ VALUE: '+79161234567' }] } });
    const found = await hook.result('crm.duplicate.findbycomm', { type: 'PHONE', values: ['+79161234567'] });
    expect(Object.keys(found)).toEqual(['LEAD']);
    expect(found.LEAD).toHaveLength(20);
  });
});

describe('dictionaries', () => {
  it('know the sources and the mode', async () => {
    const { hook } = await start({ leads: false });
    const sources = await hook.result('crm.status.list', { filter: { ENTITY_ID: 'SOURCE' } });
    expect(sources.map(({ STATUS_ID }: { STATUS_ID: string }) => STATUS_ID)).toContain('CALLBACK');
    expect(await hook.result('crm.settings.mode.get')).toBe(2);
  });
});
