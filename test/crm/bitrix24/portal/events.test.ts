import { describe, expect, it, onTestFinished } from 'vitest';
import { readForm } from '../../../support/bitrix24/values.ts';
import { ScriptedService } from '../../../support/scripted-service.ts';
import { start } from './start.ts';

// biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the portal posts
type Posted = any;

async function handler(): Promise<{
  readonly url: string;
  readonly posts: () => Posted[];
  readonly service: ScriptedService;
}> {
  const service = new ScriptedService(() => ({ body: 'ok' }));
  const url = await service.listen();
  onTestFinished(() => service.close());
  return { url, service, posts: () => service.asked.map(({ body }) => readForm(String(body))) };
}

describe('installation', () => {
  it('posts the first tokens as a form', async () => {
    const { portal, app } = await start();
    const { url, posts } = await handler();
    expect(await portal.install(url)).toBe(200);
    const [{ event, auth }] = posts();
    expect(event).toBe('ONAPPINSTALL');
    expect(auth).toMatchObject({
      member_id: portal.auth.memberId,
      client_endpoint: `${portal.root}/rest/`,
      status: 'L',
    });
    app.token = auth.access_token;
    expect((await app.call('user.current')).status).toBe(200);
  });

  it('shows the consent page, which sends the code to the application', async () => {
    const { portal } = await start();
    const answer = await fetch(`${portal.root}/oauth/authorize/?client_id=local.1&state=s`, { redirect: 'manual' });
    const target = new URL(answer.headers.get('location') ?? '');
    expect(answer.status).toBe(302);
    expect(Object.fromEntries(target.searchParams)).toMatchObject({ state: 's', member_id: portal.auth.memberId });
  });
});

describe('online events', () => {
  it('carry the click on a number, whose call is registered already', async () => {
    const { portal, app } = await start();
    const { url, posts } = await handler();
    await app.result('crm.contact.add', { fields: { PHONE: [{ VALUE: '8 916 123-45-67' }] } });
    await app.result('event.bind', { event: 'OnExternalCallStart', handler: url });
    const callId = await portal.people.clickToCall(2, '8 916 123-45-67');
    const [post] = posts();
    expect(post).toMatchObject({
      event: 'ONEXTERNALCALLSTART',
      data: {
        PHONE_NUMBER: '89161234567',
        PHONE_NUMBER_INTERNATIONAL: '+79161234567',
        USER_ID: '2',
        CALL_LIST_ID: '0',
        CALL_ID: callId,
        CRM_ENTITY_TYPE: 'CONTACT',
        CRM_ENTITY_ID: '1',
      },
    });
    expect(post.auth.application_token).toBe(portal.auth.applicationToken('local.1'));
    const row = await app.result('telephony.externalCall.finish', { CALL_ID: callId, USER_ID: 2, DURATION: 3 });
    expect(row).toMatchObject({ EXTERNAL_CALL_ID: null, CALL_STATUS: 1, INCOMING: '1' });
  });

  it('carry call-back forms, and are not retried', async () => {
    const { portal, app } = await start();
    const { url, posts, service } = await handler();
    await app.result('event.bind', { event: 'ONEXTERNALCALLBACKSTART', handler: url });
    service.mode = 'down';
    await portal.people.callbackForm({ phone: '+79161234567' });
    expect(posts()).toHaveLength(1);
    expect(portal.state.posted).toEqual([{ event: 'ONEXTERNALCALLBACKSTART', handler: url, status: 503 }]);
  });

  it('come from an outgoing webhook with its own token', async () => {
    const { portal } = await start();
    const { url, posts } = await handler();
    portal.addOutgoingWebhook('ONEXTERNALCALLSTART', url, 'outgoing-token');
    await portal.people.clickToCall(1, '+79161234567');
    expect(posts()[0].auth).toMatchObject({ application_token: 'outgoing-token' });
    expect(posts()[0].auth).not.toHaveProperty('access_token');
  });

  it('must exist, and are bound once', async () => {
    const { app } = await start();
    const bind = { event: 'ONCRMCONTACTADD', handler: 'http://127.0.0.1:9/x' };
    expect((await app.call('event.bind', { ...bind, event: 'ONNOTHING' })).body.error).toBe('ERROR_EVENT_NOT_FOUND');
    expect(await app.result('event.bind', bind)).toBe(true);
    expect((await app.call('event.bind', bind)).status).toBe(400);
    expect(await app.result('event.get')).toEqual([{ ...bind, auth_type: '0', offline: 0 }]);
    expect(await app.result('event.unbind', bind)).toEqual({ count: 1 });
  });
});

describe('the offline queue', () => {
  const bound = async () => {
    const started = await start();
    await started.app.result('event.bind', { event: 'ONCRMCONTACTUPDATE', event_type: 'offline' });
    await started.app.result('crm.contact.add', { fields: { NAME: 'Ivan' } });
    await started.app.result('crm.contact.add', { fields: { NAME: 'Oleg' } });
    return started;
  };

  it('holds one record per changed object, and clears what is read', async () => {
    const { app, portal, clock } = await bound();
    await portal.people.editContact(1, { NAME: 'A' });
    clock.pass(5);
    await portal.people.editContact(2, { NAME: 'B' });
    await portal.people.editContact(1, { NAME: 'C' });
    const { process_id, events } = await app.result('event.offline.get');
    expect(process_id).toBeNull();
    expect(events).toMatchObject([
      {
        EVENT_NAME: 'ONCRMCONTACTUPDATE',
        EVENT_DATA: { FIELDS: { ID: '1' } },
        TIMESTAMP_X: '2026-12-01T12:00:05+03:00',
      },
      { EVENT_DATA: { FIELDS: { ID: '2' } } },
    ]);
    expect((await app.result('event.offline.get')).events).toEqual([]);
  });

  it('reserves records for one process until it clears them', async () => {
    const { app, portal } = await bound();
    await portal.people.editContact(1, { NAME: 'A' });
    await portal.people.editContact(2, { NAME: 'B' });
    const first = await app.result('event.offline.get', { clear: 0, limit: 1 });
    const second = await app.result('event.offline.get', { clear: 0 });
    expect([first.events.length, second.events.length]).toEqual([1, 1]);
    expect(first.process_id).not.toBe(second.process_id);
    const again = await app.result('event.offline.get', { clear: 0, process_id: first.process_id });
    expect(again).toEqual(first);
    await app.result('event.offline.clear', { process_id: first.process_id, message_id: [first.events[0].MESSAGE_ID] });
    expect(portal.state.offline).toHaveLength(1);
    await app.result('event.offline.error', {
      process_id: second.process_id,
      message_id: [second.events[0].MESSAGE_ID],
    });
    expect((await app.result('event.offline.get', { clear: 0, process_id: second.process_id })).events).toEqual([]);
    const failed = await app.result('event.offline.get', { clear: 0, process_id: second.process_id, error: 1 });
    expect(failed.events).toHaveLength(1);
  });

  it('queues a change again while the last one is reserved', async () => {
    const { app, portal } = await bound();
    await portal.people.editContact(1, { NAME: 'A' });
    await app.result('event.offline.get', { clear: 0 });
    await portal.people.editContact(1, { NAME: 'B' });
    expect((await app.result('event.offline.get', { clear: 0 })).events).toHaveLength(1);
  });

  it('leaves out the changes of its own connector', async () => {
    const { app, portal } = await start();
    await app.result('event.bind', { event: 'ONCRMCONTACTADD', event_type: 'offline', auth_connector: 'pb' });
    await app.result('crm.contact.add', { fields: { NAME: 'x' }, auth_connector: 'pb' });
    expect(portal.state.offline).toEqual([]);
    await app.result('crm.contact.add', { fields: { NAME: 'x' } });
    expect((await app.result('event.offline.get')).events).toEqual([]);
    expect((await app.result('event.offline.get', { auth_connector: 'pb' })).events).toHaveLength(1);
  });

  it('is for administrators', async () => {
    const { app } = await start();
    await app.logIn(2);
    expect(await app.call('event.offline.get')).toMatchObject({ status: 403, body: { error: 'ACCESS_DENIED' } });
    expect((await app.call('event.bind', { event: 'ONCRMCONTACTADD', event_type: 'offline' })).status).toBe(403);
  });
});
