import { Value } from 'typebox/value';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Connector } from '../../../src/connectors/contract.ts';
import { telegram } from '../../../src/connectors/telegram/connector.ts';
import { type TelegramConfig, TelegramSchema } from '../../../src/connectors/telegram/schema.ts';
import type { HookRequest } from '../../../src/domain/ports/hooks.ts';
import { derivedSecret } from '../../../src/runtime/secrets.ts';
import { MessengerStore, receiverOf } from '../../support/messenger-store.ts';
import { json } from '../../support/scripted-service.ts';
import { TelegramServer } from '../../support/telegram-server.ts';
import { describeMessenger } from '../contract.ts';
import { untilTrue } from '../contract-bench.ts';
import { describePolled } from '../contract-polling.ts';

const date = Date.parse('2026-11-24T09:00:00Z') / 1000;
const ivan = { id: 42, is_bot: false, first_name: 'Ivan', last_name: 'Petrov', username: 'ivan' };
const chat = { id: 42, type: 'private', first_name: 'Ivan', username: 'ivan' };
const message = (n: number, more: object = {}) => ({ message_id: n, date: date + n, from: ivan, chat, ...more });
const config = (server: TelegramServer, api: string, more: Partial<TelegramConfig> = {}) =>
  Value.Default(TelegramSchema, {
    kind: 'telegram',
    token: server.token,
    api,
    mode: 'webhook',
    ...more,
  }) as TelegramConfig;

function hook(body: Buffer | object, secret: string): HookRequest {
  return {
    method: 'POST',
    query: {},
    headers: { 'x-telegram-bot-api-secret-token': secret },
    body: Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body)),
  };
}

describeMessenger('telegram', async (isSecure) => {
  const server = new TelegramServer();
  const api = await server.listen(isSecure);
  const secret = derivedSecret(server.token, 'webhook chat');
  return {
    service: server,
    create: (context, reach) => telegram.create(config(server, api, reach), context),
    brings: (n, text, second = n) => hook({ update_id: n, message: message(n, { text, date: date + second }) }, secret),
    withFile: (n, caption, file) => {
      server.files.set('doc', file);
      return hook({ update_id: n, message: message(n, { caption, document: { file_id: 'doc' } }) }, secret);
    },
    signed: (body) => hook(body, secret),
    forged: (request) => [
      { ...request, headers: {} },
      { ...request, headers: { 'x-telegram-bot-api-secret-token': `${secret}x` } },
      { ...request, method: 'GET' },
    ],
    busy: (retry_after) =>
      json({ ok: false, error_code: 429, description: 'Too Many Requests', parameters: { retry_after } }, 429),
    longest: 4096,
    sent: () => server.messages.map(({ text }) => text),
    close: () => server.close(),
  };
});

describePolled('telegram', async () => {
  const service = new TelegramServer();
  const api = await service.listen();
  return {
    service,
    create: (context) => telegram.create(config(service, api, { mode: 'polling' }), context),
    update: (place, n, text, second = n) => ({ update_id: place, message: message(n, { text, date: date + second }) }),
    close: () => service.close(),
  };
});

describe('telegram', () => {
  let service: TelegramServer;
  let api: string;
  let desk: MessengerStore;
  let connector: Connector;

  beforeEach(async () => {
    service = new TelegramServer();
    api = await service.listen();
    desk = await MessengerStore.open('tg');
  });

  afterEach(async () => {
    await connector.stop();
    await service.close();
    await desk.close();
  });

  function create(more: Partial<TelegramConfig> = {}): void {
    connector = telegram.create(config(service, api, more), desk.context);
  }

  const take = (update: object) =>
    receiverOf(connector).receive(hook(update, derivedSecret(service.token, 'webhook tg')));

  it('sets its webhook with a secret, and sends no other request', async () => {
    create();
    await connector.start();
    await untilTrue(() => desk.context.states.includes('ready'));
    expect(service.webhook).toMatchObject({
      url: 'http://127.0.0.1/api/v1/hooks/tg',
      secret_token: derivedSecret(service.token, 'webhook tg'),
    });
  });

  it('polls if configured, removes the webhook, and moves its offset only after the commit', async () => {
    service.webhook = { url: 'https://old' };
    service.updates.push(
      { update_id: 7, message: message(1, { text: 'one' }) } as never,
      { update_id: 8, message: message(2, { text: 'two' }) } as never,
    );
    desk.failing = 1;
    create({ mode: 'polling' });
    await connector.start();
    await untilTrue(() => service.offset === 9);
    await connector.stop();
    expect(service.webhook).toBeNull();
    expect((await desk.interactions()).map((one) => one.text)).toEqual(['one', 'two']);
    expect(desk.context.cursors.get('updates')).toBe('9');
  });

  it('explains that the token is unknown', async () => {
    create({ token: '1:wrongwrongwrong' });
    await connector.start();
    await untilTrue(() =>
      desk.context.states.includes('failed: Telegram does not accept our access token: Unauthorized (401)'),
    );
  });

  it('accepts a shared contact as proof only if it is the sender’s own', async () => {
    create();
    const contact = { phone_number: '79161234567', first_name: 'Ivan' };
    await take({ update_id: 1, message: message(1, { contact: { ...contact, user_id: 42 } }) });
    await take({ update_id: 2, message: message(2, { contact: { ...contact, user_id: 43 } }) });
    await take({ update_id: 3, message: message(3, { contact }) });
    const [own, other, card] = await desk.interactions();
    expect([own?.party.phone, other?.party.phone, card?.party.phone]).toEqual(['+79161234567', null, null]);
    expect(other?.text).toBe('Ivan\n79161234567');
  });

  it('keeps the deep link’s payload as attribution', async () => {
    create();
    await take({ update_id: 1, message: message(1, { text: '/start spring_sale' }) });
    expect((await desk.interactions())[0]?.attribution).toMatchObject({
      source: 'telegram',
      campaign: 'spring_sale',
      ids: { telegram_start: 'spring_sale' },
    });
  });

  it('applies an edit to its message, but not an older one', async () => {
    create();
    await take({ update_id: 2, edited_message: message(1, { text: 'second', edit_date: date + 50 }) });
    await take({ update_id: 1, message: message(1, { text: 'first' }) });
    await take({ update_id: 3, edited_message: message(1, { text: 'third', edit_date: date + 60 }) });
    expect(await desk.interactions()).toMatchObject([{ text: 'third', revision: 2 }]);
  });

  it('keeps voice messages, pictures and documents, and continues without files that are too large', async () => {
    service.files
      .set('voice1', Buffer.from('ogg'))
      .set('photo2', Buffer.from('jpg'))
      .set('doc3', Buffer.alloc(1024 * 1024 + 1));
    create({ largestFile: 1 });
    await take({ update_id: 1, message: message(1, { voice: { file_id: 'voice1', mime_type: 'audio/ogg' } }) });
    await take({
      update_id: 2,
      message: message(2, { caption: 'look', photo: [{ file_id: 'small' }, { file_id: 'photo2' }] }),
    });
    await take({
      update_id: 3,
      message: message(3, { document: { file_id: 'doc3', file_name: 'big.pdf', mime_type: 'application/pdf' } }),
    });
    const [voice, photo, big] = await desk.interactions();
    expect(voice?.attachments).toMatchObject([{ name: 'voice.ogg', mime: 'audio/ogg', bytes: 3 }]);
    expect(photo).toMatchObject({ text: 'look', attachments: [{ mime: 'image/jpeg', bytes: 3 }] });
    expect(big?.text).toBe('[big.pdf: > 1 MB]');
  });

  it('shows the text at once and retries a file that was unavailable', async () => {
    create();
    service.mode = 'down';
    const update = {
      update_id: 1,
      message: message(1, { caption: 'look', document: { file_id: 'd', file_name: 'a.pdf' } }),
    };
    expect((await take(update)).status).toBe(503);
    expect(await desk.interactions()).toMatchObject([{ text: 'look', attachments: [] }]);
    service.mode = 'up';
    service.files.set('d', Buffer.from('pdf'));
    expect((await take(update)).status).toBe(200);
    expect(await desk.interactions()).toMatchObject([{ text: 'look', attachments: [{ name: 'a.pdf' }] }]);
  });

  it('records what our own people write in a business chat, and answers through the same connection', async () => {
    create({ authors: { '7': 'anna' } });
    await desk.intake.apply([{ op: 'staff', staff: { managers: [], lines: [] }, at: Date.now() }]);
    const business = { business_connection_id: 'biz' };
    await take({ update_id: 1, business_message: message(1, { ...business, text: 'price?' }) });
    await take({
      update_id: 2,
      business_message: message(2, { ...business, text: 'ten', from: { id: 7, first_name: 'Anna' } }),
    });
    await take({
      update_id: 3,
      business_message: message(3, { ...business, text: 'echo', from: { id: 7 }, sender_business_bot: { id: 123456 } }),
    });
    const all = await desk.interactions();
    expect(all).toMatchObject([
      { direction: 'inbound', text: 'price?', waitSeconds: 1 },
      { direction: 'outbound', text: 'ten', state: 'sent', party: { account: { id: '42' } } },
    ]);
    const id = await desk.write('more', { answers: all[0]?.id as never });
    await desk.send(connector, id);
    const sent = service.asked.find(({ path }) => path.endsWith('/sendMessage'));
    expect(JSON.parse(String(sent?.body))).toMatchObject({ business_connection_id: 'biz', chat_id: '42' });
  });

  it('quotes the chosen message in the first part of the answer only', async () => {
    create();
    await take({ update_id: 1, message: message(5, { text: 'price?' }) });
    const [asked] = await desk.interactions();
    await desk.send(connector, await desk.write('x'.repeat(5000), { answers: asked?.id as never, quote: true }));
    await desk.send(connector, await desk.write('plain', { answers: asked?.id as never }));
    const bodies = service.asked
      .filter(({ path }) => path.endsWith('/sendMessage'))
      .map(({ body }) => JSON.parse(String(body)).reply_parameters);
    expect(bodies).toEqual([{ message_id: 5, allow_sending_without_reply: true }, undefined, undefined]);
  });

  it('marks messages deleted in a business chat and keeps their text, despite repeats and reordering', async () => {
    create();
    const business = { business_connection_id: 'biz' };
    const deleted = (...message_ids: unknown[]) => ({ ...business, chat: { id: 42, type: 'private' }, message_ids });
    await take({ update_id: 1, business_message: message(1, { ...business, text: 'price?' }) });
    await take({ update_id: 2, deleted_business_messages: deleted(1, 2, 'rubbish', null) });
    await take({ update_id: 2, deleted_business_messages: deleted(1, 2) });
    await take({ update_id: 3, business_message: message(2, { ...business, text: 'cheaper?' }) });
    await take({ update_id: 4, business_message: message(3, { ...business, text: 'hello?' }) });
    // The same number in another chat is a different message.
    await take({ update_id: 5, deleted_business_messages: { ...deleted(3), chat: { id: 43 } } });
    await take({ update_id: 6, deleted_business_messages: { chat: {}, message_ids: 'rubbish' } });
    expect(await desk.interactions()).toMatchObject([
      { text: 'price?', revision: 2, deletedAt: expect.any(String) },
      { text: 'cheaper?', revision: 1, deletedAt: expect.any(String) },
      { text: 'hello?', revision: 1, deletedAt: null },
    ]);
  });

  it('listens only to the configured groups', async () => {
    create({ groups: ['-100'] });
    const group = (id: number) => ({ id, type: 'supergroup', title: 'Pumps' });
    await take({ update_id: 1, message: message(1, { text: 'heard', chat: group(-100) }) });
    await take({ update_id: 2, message: message(2, { text: 'not heard', chat: group(-200) }) });
    expect((await desk.interactions()).map((one) => one.text)).toEqual(['heard']);
  });

  it('sends files, and splits long texts', async () => {
    create();
    await take({ update_id: 1, message: message(1, { text: 'hello' }) });
    const [asked] = await desk.interactions();
    const { id: blob, bytes } = await desk.context.blobs.put([Buffer.from('pdf bytes')] as never, 100);
    const file = { blob, name: 'price.pdf', mime: 'application/pdf', bytes };
    await desk.send(connector, await desk.write('look', { answers: asked?.id as never, attachments: [file] }));
    await desk.send(
      connector,
      await desk.write(`${'a'.repeat(4090)} ${'b'.repeat(100)}`, { answers: asked?.id as never }),
    );
    expect(service.messages).toMatchObject([
      { chat: '42', text: 'look', file: 'pdf bytes' },
      { text: 'a'.repeat(4090) },
      { text: 'b'.repeat(100) },
    ]);
  });

  it('waits as long as Telegram asks, and reports why somebody cannot be reached', async () => {
    create();
    await take({
      update_id: 1,
      message: message(1, { text: 'hello', chat: { ...chat, id: 403 }, from: { ...ivan, id: 403 } }),
    });
    const [asked] = await desk.interactions();
    const id = await desk.write('Yes', { answers: asked?.id as never });
    service.next.push({
      status: 429,
      body: JSON.stringify({
        ok: false,
        error_code: 429,
        description: 'Too Many Requests',
        parameters: { retry_after: 7 },
      }),
    });
    const before = Date.now();
    await desk.send(connector, id);
    const next = (await desk.store.read.outbound(id))?.nextAt ?? 0;
    expect(next - before).toBeGreaterThanOrEqual(7000);
    expect(next - before).toBeLessThan(12_000);
    const blocked = await desk.write('Hello?', { answers: asked?.id as never });
    expect(await desk.send(connector, blocked)).toMatchObject({
      state: 'failed',
      problem: expect.stringMatching(/^the client has blocked us on Telegram/),
      problemReason: { code: 'blockedUs' },
    });
  });
});
