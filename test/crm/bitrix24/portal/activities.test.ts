import { describe, expect, it } from 'vitest';
import type { PortalClient } from './client.ts';
import { start } from './start.ts';

const letter = {
  OWNER_TYPE_ID: 3,
  OWNER_ID: 1,
  TYPE_ID: 4,
  SUBJECT: 'Offer',
  RESPONSIBLE_ID: 2,
  DIRECTION: 2,
  COMMUNICATIONS: [{ VALUE: 'ivan@example.com', ENTITY_ID: 1, ENTITY_TYPE_ID: 3, TYPE: 'EMAIL' }],
};

async function withContact(): ReturnType<typeof start> {
  const started = await start();
  await started.hook.result('crm.contact.add', { fields: { NAME: 'Ivan' } });
  return started;
}

const add = (hook: PortalClient, more: object = {}) =>
  hook.call('crm.activity.add', { fields: { ...letter, ...more } });

describe('crm.activity.add', () => {
  it('really sends an outgoing letter that is completed', async () => {
    const { hook, portal } = await withContact();
    await add(hook);
    expect(portal.state.sentLetters).toEqual([{ activityId: 1, to: ['ivan@example.com'] }]);
  });

  it('sends nothing if it is added as not completed, and completed afterwards', async () => {
    const { hook, portal } = await withContact();
    const { body } = await add(hook, { COMPLETED: 'N' });
    await hook.result('crm.activity.update', { id: body.result, fields: { COMPLETED: 'Y' } });
    expect(portal.state.sentLetters).toEqual([]);
    expect(await hook.result('crm.activity.get', { id: 1 })).toMatchObject({
      COMPLETED: 'Y',
      SUBJECT: 'Offer',
      OWNER_ID: '1',
    });
  });

  it.each([
    [{ SUBJECT: '' }, 'SUBJECT'],
    [{ RESPONSIBLE_ID: 99 }, 'RESPONSIBLE_ID'],
    [{ TYPE_ID: 9 }, 'TYPE_ID'],
    [{ COMMUNICATIONS: [] }, 'COMMUNICATIONS'],
    [{ TYPE_ID: 6 }, 'custom activity without provider'],
    [{ OWNER_ID: 99 }, 'Could not build binding'],
    [{ TYPE_ID: 2, COMMUNICATIONS: [{ VALUE: '1' }, { VALUE: '2' }] }, 'only one communication'],
  ])('refuses %j', async (wrong, text) => {
    const { hook } = await withContact();
    const { status, body } = await add(hook, wrong);
    expect([status, body.error]).toEqual([400, '']);
    expect(body.error_description).toContain(text);
  });

  it('keeps files, and is found again by its origin', async () => {
    const { hook, portal } = await withContact();
    const file = { fileData: ['a.txt', Buffer.from('text').toString('base64')] };
    await add(hook, { COMPLETED: 'N', ORIGINATOR_ID: 'pb', ORIGIN_ID: 'm1', FILES: [file] });
    const [found] = await hook.result('crm.activity.list', {
      filter: { ORIGINATOR_ID: 'pb', ORIGIN_ID: 'm1' },
      select: ['ID', 'FILES'],
    });
    expect(found.ID).toBe('1');
    expect(await (await fetch(found.FILES[0].url)).text()).toBe('text');
    expect(
      await hook.result('crm.activity.list', { filter: { BINDINGS: [{ OWNER_TYPE_ID: 3, OWNER_ID: 1 }] } }),
    ).toHaveLength(1);
    await hook.result('crm.activity.delete', { id: 1 });
    expect(portal.state.activities.size).toBe(0);
    expect((await hook.call('crm.activity.get', { id: 1 })).body.error_description).toBe('Activity is not found.');
  });
});

describe('other things on a card', () => {
  it('moves an activity to another card of the same kind', async () => {
    const { hook } = await withContact();
    await hook.result('crm.contact.add', { fields: { NAME: 'Oleg' } });
    await add(hook, { COMPLETED: 'N' });
    const target = {
      activityId: 1,
      sourceEntityTypeId: 3,
      sourceEntityId: 1,
      targetEntityTypeId: 3,
      targetEntityId: 2,
    };
    expect(await hook.result('crm.activity.binding.move', target)).toBe(true);
    expect(await hook.result('crm.activity.binding.list', { activityId: 1 })).toEqual([
      { entityTypeId: 3, entityId: 2 },
    ]);
    expect((await hook.call('crm.activity.binding.move', target)).body.error).toBe('BINDING_NOT_FOUND');
  });

  it('lets only its application change a configurable activity', async () => {
    const { app, hook, portal } = await withContact();
    const given = {
      ownerTypeId: 3,
      ownerId: 1,
      fields: { originId: 'a', completed: true },
      layout: { icon: { code: 'call' }, header: { title: 'Message' }, body: { blocks: {} } },
    };
    expect((await hook.call('crm.activity.configurable.add', given)).body.error).toBe('ERROR_WRONG_CONTEXT');
    expect((await app.call('crm.activity.configurable.add', { ...given, layout: {} })).body.error).toBe(
      'ERROR_EMPTY_LAYOUT',
    );
    const { activity } = await app.result('crm.activity.configurable.add', given);
    expect(portal.state.activities.get(activity.id)?.fields).toMatchObject({
      SUBJECT: 'Message',
      COMPLETED: 'Y',
      ORIGIN_ID: 'a',
    });
  });

  it('takes to-dos with exact names and a deadline', async () => {
    const { hook, portal } = await withContact();
    const todo = { ownerTypeId: 3, ownerId: 1, deadline: '2026-12-01T15:00:00+03:00', title: 'Call back' };
    expect((await hook.call('crm.activity.todo.add', { ...todo, deadline: 'soon' })).body.error).toBe(
      'WRONG_DATETIME_FORMAT',
    );
    expect((await hook.call('crm.activity.todo.add', { OWNERTYPEID: 3 })).body.error).toBe('100');
    expect((await hook.call('crm.activity.todo.add', { ...todo, ownerId: 9 })).body.error).toBe('OWNER_NOT_FOUND');
    expect(await hook.result('crm.activity.todo.add', todo)).toEqual({ id: 1 });
    expect(portal.state.activities.get(1)?.fields).toMatchObject({ PROVIDER_ID: 'CRM_TODO', COMPLETED: 'N' });
  });

  it('takes comments and traces', async () => {
    const { hook, portal } = await withContact();
    const comment = { ENTITY_ID: 1, ENTITY_TYPE: 'contact', COMMENT: 'Hello' };
    expect(await hook.result('crm.timeline.comment.add', { fields: comment })).toBe(1);
    expect((await hook.call('crm.timeline.comment.add', { fields: { ...comment, COMMENT: '' } })).body.error).toBe(
      'INVALID_ARG_VALUE',
    );
    const trace = { TRACE: '{"tags":{"list":{"utm_source":"yandex"}}}', ENTITIES: [{ TYPE: 'CONTACT', ID: 1 }] };
    expect(await hook.result('crm.tracking.trace.add', trace)).toBe(1);
    expect((await hook.call('crm.tracking.trace.add', { TRACE: '{' })).body.error_description).toContain(
      'Can not parse JSON',
    );
    expect(portal.card('CONTACT', 1)).toMatchObject({
      fields: { NAME: 'Ivan' },
      comments: [{ text: 'Hello' }],
      traces: [{ trace: { tags: { list: { utm_source: 'yandex' } } } }],
    });
  });

  it('keeps call lists; an update replaces the members', async () => {
    const { hook, portal } = await withContact();
    await hook.result('crm.contact.add', { fields: { NAME: 'Oleg' } });
    expect((await hook.call('crm.calllist.add', { ENTITY_TYPE: 'LEAD', ENTITIES: [1] })).body.error).toBe(
      'ENTITY_TYPE_ERROR',
    );
    const id = await hook.result('crm.calllist.add', { ENTITY_TYPE: 'CONTACT', ENTITIES: [1, 2] });
    portal.people.setListStatus(id, 1, 'SUCCESS');
    await hook.result('crm.calllist.update', { LIST_ID: id, ENTITY_TYPE: 'CONTACT', ENTITIES: [1] });
    expect(await hook.result('crm.calllist.items.get', { LIST_ID: id })).toEqual([
      { ID: 1, STATUS: 'SUCCESS', ENTITY_TYPE: 3 },
    ]);
    expect((await hook.call('crm.calllist.get', { ID: 9 })).body.error).toBe('LIST_ID_ERROR');
  });
});
