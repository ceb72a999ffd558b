import { Value } from 'typebox/value';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Connector, ConnectorContext } from '../../../src/connectors/contract.ts';
import { telegram } from '../../../src/connectors/telegram/connector.ts';
import { type TelegramConfig, TelegramSchema } from '../../../src/connectors/telegram/schema.ts';
import { derivedSecret } from '../../../src/runtime/secrets.ts';
import { MessengerStore, receiverOf } from '../../support/messenger-store.ts';
import { TelegramServer } from '../../support/telegram-server.ts';

const date = Math.floor(Date.now() / 1000) - 600;
const ivan = { id: 42, is_bot: false, first_name: 'Ivan' };
const chat = { id: 42, type: 'private', first_name: 'Ivan' };
const message = (n: number, more: object = {}) => ({ message_id: n, date: date + n, from: ivan, chat, ...more });

describe('telegram', () => {
  let service: TelegramServer;
  let api: string;
  let desk: MessengerStore;
  let connector: Connector;

  beforeEach(async () => {
    service = new TelegramServer();
    for (const name of ['a', 'b', 'c']) service.files.set(name, Buffer.from(name));
    api = await service.listen();
    desk = await MessengerStore.open('tg');
    create(desk.context);
  });

  afterEach(async () => {
    await service.close();
    await desk.close();
  });

  /** Starts the connection, as after a restart of the program. */
  function create(context: ConnectorContext): void {
    const settings = { kind: 'telegram', token: service.token, api, mode: 'webhook', groups: ['-200', '-300'] };
    connector = telegram.create(Value.Default(TelegramSchema, settings) as TelegramConfig, context);
  }

  async function take(update: object): Promise<void> {
    const headers = { 'x-telegram-bot-api-secret-token': derivedSecret(service.token, 'webhook tg') };
    const request = { method: 'POST', query: {}, headers, body: Buffer.from(JSON.stringify(update)) };
    expect((await receiverOf(connector).receive(request)).status).toBe(200);
  }

  const album = (n: number, file: string, more: object = {}) =>
    message(n, { media_group_id: '7', photo: [{ file_id: file }], ...more });
  const names = async () =>
    (await desk.interactions()).map(({ text, attachments }) => [text, attachments.map(({ name }) => name)]);

  it.each([
    ['in order', [1, 2, 3]],
    ['in disorder', [3, 2, 1]],
  ])('keeps an album as one message, %s', async (_, order) => {
    const parts: Record<number, object> = {
      1: album(1, 'a', { caption: 'defects' }),
      2: album(2, 'b'),
      3: album(3, 'c'),
    };
    for (const n of order) await take({ update_id: n, message: parts[n] });
    const [one, ...others] = await desk.interactions();
    expect(others).toEqual([]);
    expect(one?.text).toBe('defects');
    expect(one?.attachments.map(({ name }) => name).toSorted()).toEqual(['photo-1.jpg', 'photo-2.jpg', 'photo-3.jpg']);
    expect((await desk.store.read.leads({ limit: 10, cursor: null } as never)).items).toMatchObject([{ contacts: 1 }]);
    // Repeats change nothing, even after a restart.
    create(desk.context);
    for (const n of order) await take({ update_id: n, message: parts[n] });
    expect(await desk.interactions()).toEqual([one]);
  });

  it('keeps the parts of an album that come at once', async () => {
    await Promise.all(
      [1, 2, 3].map((n) => take({ update_id: n, message: album(n, 'abc'.charAt(n - 1), { caption: `p${n}` }) })),
    );
    const [one, ...others] = await desk.interactions();
    expect(others).toEqual([]);
    expect(one?.text?.split('\n').toSorted()).toEqual(['p1', 'p2', 'p3']);
    expect(one?.attachments).toHaveLength(3);
  });

  it('applies an edit to the caption of one part, and no other', async () => {
    await take({ update_id: 1, message: album(1, 'a', { caption: '100' }) });
    await take({ update_id: 2, message: album(2, 'b', { caption: '10' }) });
    await take({ update_id: 3, edited_message: album(2, 'b', { caption: '12', edit_date: date + 9 }) });
    expect(await names()).toEqual([['100\n12', ['photo-1.jpg', 'photo-2.jpg']]]);
  });

  it('marks one deleted picture of an album only, also after a restart, and the album with the last one', async () => {
    const business = { business_connection_id: 'biz' };
    const deleted = (...message_ids: number[]) => ({ ...business, chat: { id: 42, type: 'private' }, message_ids });
    await take({ update_id: 1, business_message: album(1, 'a', { ...business, caption: 'defects' }) });
    await take({ update_id: 2, business_message: album(2, 'b', { ...business, caption: 'worst' }) });
    create(desk.context);
    await take({ update_id: 3, deleted_business_messages: deleted(2) });
    const [one] = await desk.interactions();
    expect(one).toMatchObject({ text: 'defects\nworst', deletedAt: null });
    expect(one?.parts).toMatchObject([
      { text: 'defects', deletedAt: null, attachments: [one?.attachments[0]?.id] },
      { text: 'worst', deletedAt: expect.any(String), attachments: [one?.attachments[1]?.id] },
    ]);
    // An edit of the other picture after a restart changes its own words only.
    create(desk.context);
    const edited = album(1, 'a', { ...business, caption: 'defect', edit_date: date + 9 });
    await take({ update_id: 4, edited_business_message: edited });
    expect(await desk.interactions()).toMatchObject([
      { text: 'defect\nworst', edits: [{ text: 'defects\nworst' }], parts: [{ text: 'defect' }, { text: 'worst' }] },
    ]);
    await take({ update_id: 5, deleted_business_messages: deleted(1) });
    expect(await desk.interactions()).toMatchObject([{ text: 'defect\nworst', deletedAt: expect.any(String) }]);
  });

  it('marks one deleted piece of our answer only', async () => {
    const business = { business_connection_id: 'biz' };
    await take({ update_id: 1, business_message: message(1, { ...business, text: 'colour?' }) });
    const [asked] = await desk.interactions();
    const { id: blob, bytes } = await desk.context.blobs.put([Buffer.from('jpg')] as never, 100);
    const pictures = ['a.jpg', 'b.jpg'].map((name) => ({ blob, name, mime: 'image/jpeg', bytes }));
    const id = await desk.write('these', { answers: asked?.id as never, attachments: pictures });
    await desk.send(connector, id);
    const chatOf = { id: 42, type: 'private' };
    await take({ update_id: 2, deleted_business_messages: { ...business, chat: chatOf, message_ids: [1002] } });
    const sent = await desk.store.read.interaction(id);
    expect(sent).toMatchObject({ deletedAt: null, attachments: [{ name: 'a.jpg' }, { name: 'b.jpg' }] });
    expect(sent?.parts).toMatchObject([
      { text: 'these', attachments: [], deletedAt: null },
      { text: null, attachments: [sent?.attachments[0]?.id], deletedAt: expect.any(String) },
      { text: null, attachments: [sent?.attachments[1]?.id], deletedAt: null },
    ]);
  });

  it('names a picture until it is there, so that a message is never blank', async () => {
    service.mode = 'down';
    const update = { update_id: 1, message: message(1, { photo: [{ file_id: 'a' }] }) };
    await expect(take(update)).rejects.toThrow();
    expect(await names()).toEqual([['[photo-1.jpg]', []]]);
    service.mode = 'up';
    await take(update);
    expect(await names()).toEqual([[null, ['photo-1.jpg']]]);
  });

  describe('a group that becomes a supergroup', () => {
    const old = { id: -200, type: 'group', title: 'Stock' };
    const supergroup = { id: -1001, type: 'supergroup', title: 'Stock' };

    it.each([
      ['as the old one tells', message(2, { chat: old, migrate_to_chat_id: -1001 })],
      ['as the new one tells', message(2, { chat: supergroup, migrate_from_chat_id: -200 })],
    ])('is followed, %s, through a restart, in one conversation', async (_, migration) => {
      await take({ update_id: 1, message: message(1, { chat: old, text: 'before' }) });
      await take({ update_id: 2, message: migration });
      create(desk.context);
      await take({ update_id: 3, message: message(1, { chat: supergroup, text: 'after' }) });
      const [before, after] = await desk.interactions();
      expect([before?.text, after?.text]).toEqual(['before', 'after']);
      expect(after?.thread).toBe(before?.thread);
      // An answer to what was said before goes to the new group.
      await desk.send(connector, await desk.write('yes', { answers: before?.id as never }));
      expect(service.messages).toMatchObject([{ chat: '-1001', text: 'yes' }]);
    });

    it('is not followed if it was not listened to', async () => {
      const other = { ...old, id: -999 };
      await take({ update_id: 1, message: message(1, { chat: other, migrate_to_chat_id: -1001 }) });
      await take({ update_id: 2, message: message(2, { chat: supergroup, text: 'unheard' }) });
      expect(await desk.interactions()).toEqual([]);
    });
  });
});
