import { Value } from 'typebox/value';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Connector } from '../../../src/connectors/contract.ts';
import { max } from '../../../src/connectors/max/connector.ts';
import { type MaxConfig, MaxSchema } from '../../../src/connectors/max/schema.ts';
import type { HookRequest } from '../../../src/domain/ports/hooks.ts';
import { derivedSecret } from '../../../src/runtime/secrets.ts';
import { MaxServer } from '../../support/max-server.ts';
import { MessengerStore, receiverOf } from '../../support/messenger-store.ts';
import { json } from '../../support/scripted-service.ts';
import { describeMessenger } from '../contract.ts';
import { untilTrue } from '../contract-bench.ts';
import { describePolled } from '../contract-polling.ts';

const date = Date.parse('2026-11-24T09:00:00Z');

function config(server: MaxServer, more: Partial<MaxConfig> = {}): MaxConfig {
  return Value.Default(MaxSchema, { kind: 'max', token: server.token, api: server.root, ...more }) as MaxConfig;
}

const client = { user_id: 42, first_name: 'Ivan', last_name: 'Petrov', username: null, is_bot: false };
const message = (n: number, body: object, more: object = {}) => ({
  sender: client,
  recipient: { chat_id: 77, chat_type: 'dialog', user_id: 1 },
  timestamp: date + n * 1000,
  body: { mid: `mid.${n}`, seq: n, text: null, attachments: null, ...body },
  ...more,
});
const created = (n: number, body: object, more: object = {}) => ({
  update_type: 'message_created',
  timestamp: date + n * 1000,
  message: message(n, body, more),
});

function hook(body: Buffer | object, connection: string, secret?: string): HookRequest {
  const known = secret ?? derivedSecret('max-bot-token', `webhook ${connection}`);
  return {
    method: 'POST',
    query: {},
    headers: { 'x-max-bot-api-secret': known },
    body: Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body)),
  };
}

async function listening(isSecure = false): Promise<MaxServer> {
  const server = new MaxServer();
  server.root = await server.listen(isSecure);
  return server;
}

describeMessenger('max', async (isSecure) => {
  const server = await listening(isSecure);
  return {
    service: server,
    create: (context, reach) => max.create(config(server, reach), context),
    brings: (n, text, second = n) => hook(created(n, { text }, { timestamp: date + second * 1000 + n }), 'chat'),
    withFile: (n, text, file) => {
      server.files.set('a.pdf', file);
      const payload = { fileId: 5, token: 't', url: `${server.root}/cdn/a.pdf` };
      return hook(created(n, { text, attachments: [{ type: 'file', filename: 'a.pdf', payload }] }), 'chat');
    },
    signed: (body) => hook(body, 'chat'),
    forged: (request) => [
      hook(request.body, 'chat', 'wrong'),
      { ...request, headers: {} },
      hook(request.body, 'other'),
      { ...request, method: 'PUT' },
    ],
    busy: (seconds) => ({
      ...json({ code: 'too.many.requests', message: 'Too many requests' }, 429),
      headers: { 'retry-after': String(seconds) },
    }),
    longest: 4000,
    sent: () => server.messages.map(({ text }) => text ?? ''),
    close: () => server.close(),
  };
});

describePolled('max', async () => {
  const service = await listening();
  return {
    service,
    create: (context) => max.create(config(service, { mode: 'polling' }), context),
    update: (_, n, text, second = n) => created(n, { text }, { timestamp: date + second * 1000 + n }),
    close: () => service.close(),
  };
});

describe('max', () => {
  let server: MaxServer;
  let desk: MessengerStore;
  let connector: Connector;

  beforeEach(async () => {
    server = await listening();
    desk = await MessengerStore.open('max');
    connector = max.create(config(server), desk.context);
  });

  afterEach(async () => {
    await connector.stop();
    await server.close();
    await desk.close();
  });

  const take = (update: object) => receiverOf(connector).receive(hook(update, 'max'));

  it('subscribes with a secret, and again if the subscription was removed', async () => {
    await connector.start();
    await untilTrue(() => desk.context.states.includes('ready'));
    const secret = derivedSecret(server.token, 'webhook max');
    expect(server.subscriptions).toMatchObject([{ url: 'http://127.0.0.1/api/v1/hooks/max', secret }]);
  });

  it('explains that the token is unknown', async () => {
    await connector.stop();
    connector = max.create(config(server, { token: 'another token' }), desk.context);
    await connector.start();
    await untilTrue(() => desk.context.states.some((state) => state.startsWith('failed: MAX answered HTTP 401')));
  });

  it('polls if configured, removes the subscription, and moves its marker only after the commit', async () => {
    server.subscriptions.push({ url: 'http://elsewhere', update_types: [], secret: 'secret' });
    server.updates.push(created(1, { text: 'one' }), created(2, { text: 'two' }));
    connector = max.create(config(server, { mode: 'polling' }), desk.context);
    desk.failing = 1;
    await connector.start();
    await untilTrue(() => desk.context.cursors.get('updates') === '2');
    expect(server.subscriptions).toEqual([]);
    expect((await desk.interactions()).map(({ text }) => text)).toEqual(['one', 'two']);
    expect((await receiverOf(connector).receive(hook(created(3, {}), 'max'))).status).toBe(405);
  });

  it('keeps files, locations, forwarded texts and reply references; applies edits, and ignores groups and bots', async () => {
    server.files.set('a.jpg', Buffer.from('jpg'));
    const image = { type: 'image', payload: { photo_id: 1, token: 't', url: `${server.root}/cdn/a.jpg` } };
    const place = { type: 'location', latitude: 55.75, longitude: 37.61 };
    const forward = { link: { type: 'forward', message: { mid: 'x', text: 'said\nbefore' } } };
    await take(created(1, { text: 'look', attachments: [image, place] }, forward));
    await take(created(2, { text: 'first' }, { link: { type: 'reply', message: { mid: 'mid.1' } } }));
    await take({ ...created(2, { text: 'second' }), update_type: 'message_edited', timestamp: date + 9000 });
    await take(created(2, { text: 'first' }, { link: { type: 'reply', message: { mid: 'mid.1' } } }));
    await take(created(3, { text: 'x' }, { recipient: { chat_id: -5, chat_type: 'chat' } }));
    await take(created(4, { text: 'x' }, { sender: { user_id: 1, is_bot: true } }));
    const [first, second, ...others] = await desk.interactions();
    expect(first).toMatchObject({
      text: 'look\ngeo:55.75,37.61\nForwarded:\n> said\n> before',
      attachments: [{ mime: 'image/jpeg', bytes: 3 }],
      party: { name: 'Ivan Petrov', account: { kind: 'max', id: '42' }, phone: null },
    });
    expect(second).toMatchObject({ text: 'second', causedBy: first?.id, thread: first?.thread });
    expect(others).toEqual([]);
  });

  it('marks removed messages and keeps their text, despite repeats and reordering', async () => {
    const removed = (id: number) => ({
      update_type: 'message_removed',
      timestamp: date + 7000,
      message_id: `mid.${id}`,
      chat_id: 100,
      user_id: 42,
    });
    await take(removed(2));
    await take(created(1, { text: 'first' }));
    await take(created(2, { text: 'second' }));
    await take(created(3, { text: 'third' }));
    await take(removed(1));
    await take(removed(1));
    await take({ update_type: 'message_removed', timestamp: 'rubbish' });
    const deletedAt = new Date(date + 7000).toISOString();
    expect(await desk.interactions()).toMatchObject([
      { text: 'first', revision: 2, deletedAt },
      { text: 'second', revision: 1, deletedAt },
      { text: 'third', deletedAt: null },
    ]);
  });

  it('accepts a shared contact as proof only if MAX names the sender as its owner', async () => {
    const card = (user_id: number) => ({
      type: 'contact',
      payload: { vcf_info: 'BEGIN:VCARD\r\nTEL;TYPE=cell:79161234567\r\nFN:Ivan\r\nEND:VCARD', max_info: { user_id } },
    });
    await take(created(1, { attachments: [card(43)] }));
    await take(created(2, { attachments: [card(42)] }));
    const [claimed, proven] = await desk.interactions();
    expect(claimed).toMatchObject({ text: 'Ivan\n79161234567', party: { phone: null } });
    expect(proven).toMatchObject({ party: { phone: '+79161234567' } });
  });

  it('keeps the deep link’s payload as attribution', async () => {
    await take({ update_type: 'bot_started', timestamp: date, chat_id: 77, user: client, payload: 'spring' });
    await take({ update_type: 'bot_started', timestamp: date + 1, chat_id: 77, user: client, payload: null });
    expect(await desk.interactions()).toMatchObject([
      { text: '/start spring', attribution: { source: 'max', campaign: 'spring', ids: { max_start: 'spring' } } },
    ]);
  });

  it('quotes the chosen message', async () => {
    await take(created(1, { text: 'price?' }));
    const [asked] = await desk.interactions();
    await desk.send(connector, await desk.write('ten', { answers: asked?.id as never, quote: true }));
    await desk.send(connector, await desk.write('plain', { answers: asked?.id as never }));
    const sent = server.asked.filter(({ method, path }) => method === 'POST' && path.startsWith('/messages'));
    const { mid } = created(1, {}).message.body;
    expect(sent.map(({ body }) => JSON.parse(String(body)).link)).toEqual([{ type: 'reply', mid }, undefined]);
  });

  it('sends files, waits for one that is not ready without uploading it twice, and reports a refusal', async () => {
    await take(created(1, { text: 'price?' }));
    const [asked] = await desk.interactions();
    const { id: blob, bytes } = await desk.context.blobs.put([Buffer.from('pdf')] as never, 100);
    const file = { blob, name: 'a.pdf', mime: 'application/pdf', bytes };
    server.notReady = 1;
    const id = await desk.write('look', { answers: asked?.id as never, attachments: [file] });
    expect(await desk.send(connector, id)).toMatchObject({ state: 'queued' });
    expect(await desk.send(connector, id)).toMatchObject({ state: 'sent' });
    expect(server.uploads).toEqual([{ name: 'a.pdf', body: 'pdf' }]);
    expect(server.messages).toEqual([
      { to: '77', text: 'look', attachments: [{ type: 'file', payload: { fileId: 5, token: 'f1' } }] },
    ]);
    const long = await desk.write('x'.repeat(4096), { answers: asked?.id as never });
    expect(await desk.send(connector, long)).toMatchObject({ state: 'sent' });
    expect(server.messages.slice(1).map(({ text }) => text?.length)).toEqual([4000, 96]);
    const account = { kind: 'max', connection: 'max', id: '403', username: null };
    const denied = await desk.write('hi', { to: { email: null, phone: null, account, name: null } });
    expect(await desk.send(connector, denied)).toMatchObject({
      state: 'failed',
      problemReason: { code: 'blockedUs' },
    });
  });
});
