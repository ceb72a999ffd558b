import { describe, expect, it, onTestFinished } from 'vitest';
import { readForm } from '../../../support/bitrix24/values.ts';
import { ScriptedService } from '../../../support/scripted-service.ts';
import { start } from './start.ts';

const connector = {
  ID: 'patchbay',
  NAME: 'Patchbay',
  ICON: { DATA_IMAGE: 'data:image/svg+xml,x' },
  PLACEMENT_HANDLER: 'https://gateway.example/',
};
const channel = { CONNECTOR: 'patchbay', LINE: 1 };
const message = {
  user: { id: 'u1', name: 'Иван', phone: '+79161234567' },
  message: { id: 'm1', date: 1_700_000_000, text: 'Hello' },
  chat: { id: 'c1', name: 'Shop' },
};

async function withConnector(): ReturnType<typeof start> {
  const started = await start();
  await started.app.result('imconnector.register', connector);
  await started.app.result('imconnector.connector.data.set', { ...channel, DATA: { ID: 'c1', NAME: 'Shop' } });
  await started.app.result('imconnector.activate', { ...channel, ACTIVE: 1 });
  return started;
}

describe('a connector', () => {
  it('reports what is missing with HTTP 200', async () => {
    const { app, hook } = await start();
    expect(await app.result('imconnector.register', { ...connector, ID: 'a.b' })).toMatchObject({
      result: false,
      error: 'APPLICATION_REGISTRATION_ERROR_POINT',
    });
    expect((await app.result('imconnector.register', { ...connector, ICON: {} })).error).toBe('ICON_REQUIRED');
    expect((await hook.call('imconnector.list')).status).toBe(403);
  });

  it('works on a line once it is configured and active', async () => {
    const { app } = await withConnector();
    expect(await app.result('imconnector.status', channel)).toMatchObject({ CONFIGURED: true, STATUS: true });
    expect(await app.result('imconnector.status', { CONNECTOR: 'patchbay' })).toMatchObject({ LINE: 0, STATUS: false });
    await app.result('imconnector.activate', { ...channel, LINE: 2, ACTIVE: 1 });
    expect(await app.result('imconnector.status', channel)).toMatchObject({ STATUS: false });
    expect((await app.call('imconnector.activate', channel)).body.error_description).toContain("'ACTIVE'");
  });
});

describe('messages', () => {
  it('come into one chat and session a client', async () => {
    const { app, portal } = await withConnector();
    const send = (id: string) =>
      app.result('imconnector.send.messages', {
        ...channel,
        MESSAGES: [{ ...message, message: { ...message.message, id } }],
      });
    const [first] = (await send('m1')).DATA.RESULT;
    const [second] = (await send('m2')).DATA.RESULT;
    expect(first).toMatchObject({ SUCCESS: true, session: { ID: '1', CHAT_ID: '1' } });
    expect(second.session).toEqual(first.session);
    expect(portal.state.chats.get(1)?.messages.map(({ externalIds }) => externalIds)).toEqual([['m1'], ['m2']]);
    expect([...portal.core.cards.LEAD.all()]).toHaveLength(1);
  });

  it('fail one by one', async () => {
    const { app, portal } = await withConnector();
    const wrong = { ...message, user: { name: 'R2-D2', nick: 'x' } };
    const { DATA } = await app.result('imconnector.send.messages', { ...channel, MESSAGES: [wrong, message] });
    expect(DATA.RESULT.map(({ SUCCESS }: { SUCCESS: boolean }) => SUCCESS)).toEqual([false, true]);
    expect(portal.state.complaints).toEqual([
      'imconnector.send.messages: user.name may hold 25 letters, spaces, hyphens and apostrophes',
      'imconnector.send.messages: unknown field user.nick',
    ]);
  });

  it('are changed and deleted by the client', async () => {
    const { app, portal } = await withConnector();
    await app.result('imconnector.send.messages', { ...channel, MESSAGES: [message] });
    const changed = { ...message, message: { id: 'm1', text: 'Hello again' } };
    await app.result('imconnector.update.messages', { ...channel, MESSAGES: [changed] });
    expect(portal.state.chats.get(1)?.messages[0]).toMatchObject({ text: 'Hello again', status: 'sent' });
    await app.result('imconnector.delete.messages', { ...channel, MESSAGES: [message] });
    expect(portal.state.chats.get(1)?.messages[0]?.status).toBe('deleted');
  });

  it('go out signed, and are delivered, read, changed and deleted', async () => {
    const { app, portal } = await withConnector();
    const service = new ScriptedService(() => ({}));
    const handler = await service.listen();
    onTestFinished(() => service.close());
    for (const event of ['ADD', 'UPDATE', 'DELETE'])
      await app.result('event.bind', { event: `OnImConnectorMessage${event}`, handler });
    await app.result('imconnector.send.messages', { ...channel, MESSAGES: [message] });
    const id = await portal.people.answerInOpenLine(1, 1, 'Good day');
    const im = { chat_id: 1, message_id: id };
    const status = { ...channel, MESSAGES: [{ im, message: { id: ['out1'], date: 1 }, chat: { id: 'c1' } }] };
    const answer = () => portal.state.chats.get(1)?.messages[1];
    expect(await app.result('imconnector.send.status.delivery', status)).toEqual({ SUCCESS: true, DATA: [] });
    expect(answer()).toMatchObject({ status: 'delivered', externalIds: ['out1'] });
    await app.result('imconnector.send.status.reading', status);
    expect(answer()?.status).toBe('read');
    await portal.people.editInOpenLine(1, id, 1, 'Good evening');
    await portal.people.deleteInOpenLine(1, id, 1);
    // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the portal posts
    const posts: any[] = service.asked.map(({ body }) => readForm(String(body)));
    expect(posts[0].data).toEqual({
      CONNECTOR: 'patchbay',
      LINE: '1',
      MESSAGES: [
        {
          im: { chat_id: '1', message_id: String(id) },
          message: { user_id: '1', text: '[b]Anna Ivanova:[/b] [br]Good day' },
          chat: { id: 'c1' },
        },
      ],
    });
    expect(posts[1].data.MESSAGES[0].message).toEqual({ id: ['out1'], text: '[b]Anna Ivanova:[/b] [br]Good evening' });
    expect(posts[2].data.MESSAGES[0].message).toEqual({ id: 'out1' });
  });
});

describe('placements', () => {
  it('are bound once by an administrator', async () => {
    const { app, portal } = await start();
    const place = { PLACEMENT: 'CALL_CARD', HANDLER: 'https://gateway.example/card', TITLE: 'History' };
    expect(await app.result('placement.bind', place)).toBe(true);
    expect((await app.call('placement.bind', place)).body.error).toBe('ERROR_PLACEMENT_HANDLER_EXISTS');
    expect((await app.call('placement.bind', { ...place, PLACEMENT: '' })).body.error).toBe('ERROR_ARGUMENT');
    expect(portal.state.placements).toHaveLength(1);
    await app.result('placement.unbind', { PLACEMENT: 'CALL_CARD' });
    expect(await app.result('placement.get')).toEqual([]);
  });

  it('open with tokens of the user and what they stand on', async () => {
    const { app, portal } = await start();
    const service = new ScriptedService(() => ({ body: 'card' }));
    const handler = `${await service.listen()}/card`;
    onTestFinished(() => service.close());
    await app.result('placement.bind', { PLACEMENT: 'CALL_CARD', HANDLER: handler });
    await app.result('placement.bind', { PLACEMENT: 'CRM_CONTACT_DETAIL_TAB', HANDLER: handler });
    const id = portal.core.cards.CONTACT.add({ NAME: 'Ivan', PHONE: ['+79161234567'] });
    const callId = await portal.people.clickToCall(2, '+79161234567');
    expect(await portal.widgets.openCallCard(callId, 2)).toEqual([{ status: 200, body: 'card' }]);
    await portal.widgets.openCardTab('CONTACT', id, 2);
    const [card, tab] = service.asked.map(({ body }) => readForm(String(body)));
    expect(card).toMatchObject({ PLACEMENT: 'CALL_CARD', member_id: portal.auth.memberId, status: 'L' });
    expect(JSON.parse(String(card?.PLACEMENT_OPTIONS))).toMatchObject({
      CALL_ID: callId,
      PHONE_NUMBER: '+79161234567',
      CRM_BINDINGS: [{ ENTITY_TYPE: 'CONTACT', ENTITY_ID: '1' }],
      CALL_DIRECTION: 'outgoing',
    });
    expect(JSON.parse(String(tab?.PLACEMENT_OPTIONS))).toMatchObject({ ID: '1' });
    app.token = String(card?.AUTH_ID);
    expect((await app.result('user.current')).ID).toBe('2');
  });
});
