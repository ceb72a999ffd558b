import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Connector } from '../../../src/connectors/contract.ts';
import type { HookRequest } from '../../../src/domain/ports/hooks.ts';
import type { AvitoMessage, AvitoServer } from '../../support/avito-server.ts';
import { MessengerStore, receiverOf } from '../../support/messenger-store.ts';
import { json } from '../../support/scripted-service.ts';
import { untilTrue } from '../contract-bench.ts';
import { connect, hook, listening } from './bench.ts';

describe('avito', () => {
  let server: AvitoServer;
  let desk: MessengerStore;
  let connector: Connector;

  beforeEach(async () => {
    server = await listening();
    server.addChat('u2i-1');
    desk = await MessengerStore.open('shop');
    connector = connect(server, desk.context);
  });

  afterEach(async () => {
    await connector.stop();
    await server.close();
    await desk.close();
  });

  const receive = (request: HookRequest) => receiverOf(connector).receive(request);
  const report = async (chat: string, message: AvitoMessage) =>
    (await receive(hook(server.reports(chat, message), 'shop'))).status;
  const bring = (given: Parameters<AvitoServer['add']>[1], chat = 'u2i-1') => report(chat, server.add(chat, given));
  const ready = () => untilTrue(() => desk.context.states.at(-1) === 'ready');
  const asked = (path: string) => server.asked.filter((one) => one.path.includes(path));

  it('subscribes with a secret address, and again if the subscription was removed', async () => {
    await connector.start();
    await ready();
    const [{ url = '' } = {}] = server.subscriptions;
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1\/api\/v1\/hooks\/shop\?secret=[0-9a-f]{64}$/);
    const { secret = '' } = Object.fromEntries(new URL(url).searchParams);
    expect((await receive({ method: 'POST', query: { secret }, headers: {}, body: Buffer.from('{}') })).status).toBe(
      200,
    );
    expect(desk.context.unread).toEqual([]);
    await connector.stop();
    server.subscriptions = [];
    connector = connect(server, desk.context);
    await connector.start();
    await untilTrue(() => server.subscriptions.length === 1);
  });

  it('removes its subscription if it polls, and takes no webhooks then', async () => {
    await connector.start();
    await ready();
    await connector.stop();
    server.subscriptions.push({ url: 'https://elsewhere', version: '3' });
    connector = connect(server, desk.context, { mode: 'polling' });
    await connector.start();
    await untilTrue(() => server.subscriptions.length === 1);
    expect(server.subscriptions).toEqual([{ url: 'https://elsewhere', version: '3' }]);
    expect(await bring({ content: { text: 'hello' } })).toBe(405);
  });

  it.each([
    ['the key is wrong', /^failed: Avito does not accept our access token/, () => ({ clientSecret: 'another secret' })],
    [
      'the plan has no messenger API',
      /^failed: Avito requires payment/,
      () => {
        server.isPaid = false;
        return {};
      },
    ],
  ])('explains that %s', async (_, expected, change) => {
    connector = connect(server, desk.context, change());
    await connector.start();
    await untilTrue(() => desk.context.states.some((state) => expected.test(state)));
  });

  it('renews a token that Avito no longer accepts, and asks for one only then', async () => {
    await bring({ content: { text: 'one' } });
    server.addChat('u2i-2', { client: 43 });
    await bring({ author_id: 43, content: { text: 'two' } }, 'u2i-2');
    expect(asked('/token')).toHaveLength(1);
    server.tokens.clear();
    server.addChat('u2i-3', { client: 44 });
    await bring({ author_id: 44, content: { text: 'three' } }, 'u2i-3');
    server.next.push(json({ result: { status: false, message: 'invalid access token' } }, 403));
    server.addChat('u2i-4', { client: 45 });
    await bring({ author_id: 45, content: { text: 'four' } }, 'u2i-4');
    expect(asked('/token')).toHaveLength(3);
    expect((await desk.interactions()).map(({ party }) => party.name)).toEqual(['Ivan', 'Ivan', 'Ivan', 'Ivan']);
  });

  it('refuses webhooks of another account', async () => {
    await bring({ content: { text: 'one' } });
    const other = server.reports('u2i-1', server.add('u2i-1', { content: { text: 'two' } })) as {
      payload: { value: { user_id: number } };
    };
    other.payload.value.user_id = 7;
    expect((await receive(hook(other, 'shop'))).status).toBe(403);
  });

  it('keeps the client, the advertisement and its price', async () => {
    await bring({ content: { text: 'Is it still for sale?' } });
    server.addChat('u2u-1', { type: 'u2u', client: 43, context: { type: 'user', value: {} } });
    await bring({ author_id: 43, content: { text: 'Hello' } }, 'u2u-1');
    const page = 'https://avito.example/mazda_3_1768287444';
    const [about, profile] = await desk.interactions();
    expect(about).toMatchObject({
      direction: 'inbound',
      text: 'Is it still for sale?',
      thread: 'shop:u2i-1',
      party: { name: 'Ivan', phone: null, account: { kind: 'avito', connection: 'shop', id: '42', username: null } },
      attribution: {
        source: 'avito',
        campaign: 'Mazda 3 2008',
        page,
        ids: {
          avito_item: '1768287444',
          avito_price: '300 000 ₽',
          avito_profile: 'https://avito.example/user/42/profile',
        },
      },
    });
    expect(profile).toMatchObject({ thread: 'shop:u2u-1', attribution: null, party: { account: { id: '43' } } });
  });

  it('does not let a message wait for what Avito says of its conversation', async () => {
    const request = hook(server.reports('u2i-1', server.add('u2i-1', { content: { text: 'hello' } })), 'shop');
    server.chats.delete('u2i-1');
    expect((await receive(request)).status).toBe(200);
    const [one] = await desk.interactions();
    expect(one).toMatchObject({ text: 'hello', party: { name: null, account: { id: '42' } } });
    expect(one?.attribution).toMatchObject({ source: 'avito', campaign: null, ids: { avito_item: '1768287444' } });
  });

  it('answers a webhook as soon as the text is stored, and stores the file afterwards', async () => {
    server.voices.set('v1', 'slow.mp4');
    server.files.set('slow.mp4', Buffer.from('opus'));
    let release = () => {};
    server.hold = new Promise((resolve) => {
      release = resolve;
    });
    expect(await bring({ type: 'voice', content: { voice: { voice_id: 'v1' } } })).toBe(200);
    expect(await desk.interactions()).toMatchObject([{ text: '[voice.mp4]', attachments: [] }]);
    release();
    await connector.stop();
    expect(await desk.interactions()).toMatchObject([
      { text: null, attachments: [{ name: 'voice.mp4', mime: 'audio/mp4', bytes: 4 }] },
    ]);
  });

  it('takes the largest size of a picture, and marks a voice message that is gone', async () => {
    server.files.set('large', Buffer.from('large'));
    const sizes = { '32x32': `${server.root}/files/s`, '1280x960': `${server.root}/files/large`, '640x480': 'x' };
    await bring({ type: 'image', content: { image: { sizes } } });
    await bring({ type: 'voice', content: { voice: { voice_id: 'gone' } } });
    const [picture, voice] = await desk.interactions();
    expect(picture).toMatchObject({ text: null, attachments: [{ name: 'photo.jpg', bytes: 5 }] });
    expect(voice).toMatchObject({ text: '[voice.mp4: ✕]', attachments: [] });
  });

  it('marks a deleted message and keeps its text', async () => {
    const message = server.add('u2i-1', { content: { text: 'a secret' } });
    await report('u2i-1', message);
    message.type = 'deleted';
    message.content = {};
    await report('u2i-1', message);
    const [one] = await desk.interactions();
    expect(one).toMatchObject({ text: 'a secret', deletedAt: expect.any(String) });
  });

  it('records what a colleague writes in Avito as an answer to the client', async () => {
    await bring({ content: { text: 'price?' } });
    await bring({ author_id: server.account, content: { text: 'ten' } });
    const [question, answer] = await desk.interactions();
    expect(question?.answeredAt).not.toBeNull();
    expect(answer).toMatchObject({
      direction: 'outbound',
      state: 'sent',
      text: 'ten',
      thread: question?.thread,
      party: { name: 'Ivan', account: { id: '42' } },
    });
  });

  it('keeps a colleague’s message for later if Avito does not say whom it is for', async () => {
    const message = server.add('u2i-1', { author_id: server.account, content: { text: 'ten' } });
    server.next.push(json({}, 503));
    expect(await report('u2i-1', message)).toBe(503);
    expect(await report('u2i-1', message)).toBe(200);
    expect(await desk.interactions()).toMatchObject([{ direction: 'outbound', party: { account: { id: '42' } } }]);
  });

  it('shows a message of Avito’s programs as a notice, and counts Avito’s own conversations', async () => {
    await bring({ type: 'system', author_id: 0, content: { text: 'The buyer has placed an order', flow_id: 'order' } });
    await bring({ type: 'system', author_id: 0, content: { flow_id: 'nothing' } });
    server.addChat('a2u-1', { type: 'a2u' });
    await bring({ content: { text: 'News of Avito' } }, 'a2u-1');
    expect(await desk.interactions()).toMatchObject([
      { text: 'The buyer has placed an order', automatic: 'notice', direction: 'inbound', party: { name: 'Ivan' } },
    ]);
    expect(desk.context.unread).toEqual([
      { kind: 'unshown', what: 'service', type: 'system' },
      { kind: 'unshown', what: 'service', type: 'a2u' },
    ]);
  });
});
