import { createHmac } from 'node:crypto';
import { Value } from 'typebox/value';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Connector, type ConnectorContext, isMarker, type Marker } from '../../src/connectors/contract.ts';
import { max } from '../../src/connectors/max/connector.ts';
import { MaxSchema } from '../../src/connectors/max/schema.ts';
import { telegram } from '../../src/connectors/telegram/connector.ts';
import { TelegramSchema } from '../../src/connectors/telegram/schema.ts';
import { viber } from '../../src/connectors/viber/connector.ts';
import { ViberSchema } from '../../src/connectors/viber/schema.ts';
import { vk } from '../../src/connectors/vk/connector.ts';
import { VkSchema } from '../../src/connectors/vk/schema.ts';
import { whatsapp } from '../../src/connectors/whatsapp/connector.ts';
import { WhatsappSchema } from '../../src/connectors/whatsapp/schema.ts';
import type { InteractionId } from '../../src/domain/base/ids.ts';
import { derivedSecret } from '../../src/runtime/secrets.ts';
import { MaxServer } from '../support/max-server.ts';
import { MessengerStore, receiverOf } from '../support/messenger-store.ts';
import { json, type ScriptedService } from '../support/scripted-service.ts';
import { TelegramServer } from '../support/telegram-server.ts';
import { VkServer } from '../support/vk-server.ts';
import { WhatsappServer } from '../support/whatsapp-server.ts';

const date = Date.parse('2026-11-24T09:00:00Z') / 1000;

/** A messenger that can show clients marks, and report edits. */
interface Messenger {
  readonly service: ScriptedService & { readonly marks: readonly string[] };
  create(context: ConnectorContext): Connector;
  readonly headers: Readonly<Record<string, string>>;
  /** The body of a request that brings message `n` as it was at first, or after an edit in second `edited`. */
  body(n: number, text: string, edited?: number): object;
  /** What the client of message 5 is shown. */
  readonly typing: string;
  readonly read: string | null;
  /** An answer of the service that asks for a pause. */
  readonly busy: ReturnType<typeof json>;
  signed?(body: Buffer): Readonly<Record<string, string>>;
}

async function openTelegram(business: boolean): Promise<Messenger> {
  const service = new TelegramServer();
  const settings = { kind: 'telegram', token: service.token, api: await service.listen(), mode: 'webhook' };
  const kind = (edited: boolean) => `${edited ? 'edited_' : ''}${business ? 'business_' : ''}message`;
  return {
    service,
    create: (context) => telegram.create(Value.Default(TelegramSchema, settings) as never, context),
    headers: { 'x-telegram-bot-api-secret-token': derivedSecret(service.token, 'webhook chat') },
    body: (n, text, edited) => ({
      update_id: n * 100 + (edited ?? 0),
      [kind(edited !== undefined)]: {
        message_id: n,
        date: date + n,
        from: { id: 42, first_name: 'Ivan' },
        chat: { id: 42, type: 'private' },
        text,
        ...(business && { business_connection_id: 'biz' }),
        ...(edited !== undefined && { edit_date: date + edited }),
      },
    }),
    typing: business ? 'typing biz:42' : 'typing :42',
    read: business ? 'read biz:42:5' : null,
    busy: json({ ok: false, error_code: 429, description: 'Too Many Requests', parameters: { retry_after: 3 } }, 429),
  };
}

async function openVk(): Promise<Messenger> {
  const service = new VkServer();
  service.root = await service.listen();
  const secret = 'the secret key';
  const settings = { kind: 'vk', group: '9', token: service.token, secret, confirmation: 'c0nf', api: service.root };
  const message = (n: number, text: string) => ({ id: n, date: date + n, peer_id: 42, from_id: 42, text });
  return {
    service,
    create: (context) => vk.create(Value.Default(VkSchema, settings) as never, context),
    headers: {},
    body: (n, text, edited) => ({
      type: edited === undefined ? 'message_new' : 'message_edit',
      group_id: 9,
      secret,
      object:
        edited === undefined
          ? { message: message(n, text) }
          : { ...message(n, text), out: 0, update_time: date + edited },
    }),
    typing: 'typing 42',
    read: 'read 42',
    busy: json({ error: { error_code: 6, error_msg: 'Too many requests per second' } }),
  };
}

async function openMax(): Promise<Messenger> {
  const service = new MaxServer();
  const settings = { kind: 'max', token: service.token, api: await service.listen() };
  return {
    service,
    create: (context) => max.create(Value.Default(MaxSchema, settings) as never, context),
    headers: { 'x-max-bot-api-secret': derivedSecret(service.token, 'webhook chat') },
    body: (n, text, edited) => ({
      update_type: edited === undefined ? 'message_created' : 'message_edited',
      timestamp: (date + (edited ?? n)) * 1000,
      message: {
        sender: { user_id: 42, first_name: 'Ivan', is_bot: false },
        recipient: { chat_id: 77, chat_type: 'dialog', user_id: 1 },
        timestamp: (date + n) * 1000,
        body: { mid: `mid.${n}`, seq: n, text, attachments: null },
      },
    }),
    typing: 'typing_on 77',
    read: 'mark_seen 77',
    busy: json({ code: 'too.many.requests', message: 'Too many requests' }, 429),
  };
}

async function openWhatsapp(): Promise<Messenger> {
  const service = new WhatsappServer();
  service.root = await service.listen();
  const appSecret = 'the app secret';
  const settings = {
    kind: 'whatsapp',
    phoneNumberId: '1010',
    token: service.token,
    appSecret,
    verifyToken: 'verify me',
    api: service.root,
  };
  const common = (n: number) => ({ from: '79161234567', timestamp: String(date + n) });
  return {
    service,
    create: (context) => whatsapp.create(Value.Default(WhatsappSchema, settings) as never, context),
    headers: {},
    signed: (body) => ({
      'x-hub-signature-256': `sha256=${createHmac('sha256', appSecret).update(body).digest('hex')}`,
    }),
    body: (n, text, edited) => {
      const own = { type: 'text', text: { body: text } };
      const message =
        edited === undefined
          ? { ...common(n), id: `wamid.${n}`, ...own }
          : {
              ...common(edited),
              id: `wamid.e${edited}`,
              type: 'edit',
              edit: { original_message_id: `wamid.${n}`, message: { id: `wamid.${n}`, ...own } },
            };
      const metadata = { display_phone_number: '74951234567', phone_number_id: '1010' };
      const value = { messaging_product: 'whatsapp', metadata, messages: [message] };
      return { object: 'whatsapp_business_account', entry: [{ id: 'W', changes: [{ field: 'messages', value }] }] };
    },
    typing: 'typing wamid.5',
    read: 'read wamid.5',
    busy: json({ error: { message: 'Rate limit hit', code: 130429 } }, 429),
  };
}

const messengers: readonly (readonly [string, () => Promise<Messenger>])[] = [
  ['telegram', () => openTelegram(false)],
  ['telegram for a business', () => openTelegram(true)],
  ['vk', openVk],
  ['max', openMax],
  ['whatsapp', openWhatsapp],
];

describe.each(messengers)('%s', (_, open) => {
  let messenger: Messenger;
  let desk: MessengerStore;
  let connector: Connector & Marker;

  beforeEach(async () => {
    messenger = await open();
    desk = await MessengerStore.open('chat');
    start();
  });
  afterEach(async () => {
    await connector.stop();
    await messenger.service.close();
    await desk.close();
  });

  /** Starts the connection, as after a restart of the program. */
  function start(): void {
    const created = messenger.create(desk.context);
    if (!isMarker(created)) throw new Error('expected a marker');
    connector = created;
  }

  async function take(given: object): Promise<void> {
    const body = Buffer.from(JSON.stringify(given));
    const headers = { ...messenger.headers, ...messenger.signed?.(body) };
    expect((await receiverOf(connector).receive({ method: 'POST', query: {}, headers, body })).status).toBe(200);
  }

  const never = new AbortController().signal;
  const handle = async () => {
    await take(messenger.body(5, 'price?'));
    const [asked] = await desk.interactions();
    return (await desk.store.read.replyHandle(asked?.id as InteractionId))?.handle ?? {};
  };

  it('keeps the earlier texts of an edited message, also over a restart and despite repeats', async () => {
    await take(messenger.body(1, 'one'));
    await take(messenger.body(1, 'two', 10));
    start();
    await take(messenger.body(1, 'three', 20));
    start();
    for (const [text, edited] of [['one'], ['two', 10], ['three', 20]] as const)
      await take(messenger.body(1, text, edited));
    expect(await desk.interactions()).toMatchObject([
      {
        text: 'three',
        revision: 3,
        edits: [
          { text: 'one', at: new Date((date + 10) * 1000).toISOString() },
          { text: 'two', at: new Date((date + 20) * 1000).toISOString() },
        ],
      },
    ]);
  });

  it('shows the client that an operator is writing', async () => {
    await connector.showTyping(await handle(), never);
    expect(messenger.service.marks).toEqual([messenger.typing]);
  });

  it('knows the message by its first id after an edit', async () => {
    const known = await handle();
    await take(messenger.body(5, 'prices?', 30));
    expect(await handle()).toEqual(known);
  });

  it('marks the client’s message as read where the service can', async () => {
    await connector.markRead(await handle(), never);
    expect(messenger.service.marks).toEqual(messenger.read === null ? [] : [messenger.read]);
  });

  it('shows nothing to somebody whose conversation it does not know', async () => {
    await connector.showTyping({}, never);
    await connector.markRead({}, never);
    expect(messenger.service.asked).toEqual([]);
  });

  it('rejects when the service asks for a pause', async () => {
    const known = await handle();
    messenger.service.next.push(messenger.busy);
    await expect(connector.showTyping(known, never)).rejects.toMatchObject({ trouble: 'later' });
  });

  it('marks nothing as read unless asked to', () => {
    expect(connector.marks.read).toBe('never');
  });
});

it('viber offers no such marks', async () => {
  const settings = { kind: 'viber', token: 'viber-bot-token-of-some-length', sender: { name: 'Shop' } };
  const desk = await MessengerStore.open('chat');
  expect(isMarker(viber.create(Value.Default(ViberSchema, settings) as never, desk.context))).toBe(false);
  await desk.close();
});
