import { createHmac } from 'node:crypto';
import { Value } from 'typebox/value';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Connector } from '../../../src/connectors/contract.ts';
import { whatsapp } from '../../../src/connectors/whatsapp/connector.ts';
import { type WhatsappConfig, WhatsappSchema } from '../../../src/connectors/whatsapp/schema.ts';
import type { HookRequest } from '../../../src/domain/ports/hooks.ts';
import { MessengerStore, receiverOf } from '../../support/messenger-store.ts';
import { json } from '../../support/scripted-service.ts';
import { WhatsappServer } from '../../support/whatsapp-server.ts';
import { describeMessenger } from '../contract.ts';

const date = Date.parse('2026-11-24T09:00:00Z') / 1000;
const appSecret = 'the app secret';
const metadata = { display_phone_number: '74951234567', phone_number_id: '1010' };
const ivan = { profile: { name: 'Ivan' }, wa_id: '79161234567' };

function config(server: WhatsappServer, more: Partial<WhatsappConfig> = {}): WhatsappConfig {
  const given = {
    kind: 'whatsapp',
    phoneNumberId: '1010',
    token: server.token,
    appSecret,
    verifyToken: 'verify me',
    api: server.root,
  };
  return Value.Default(WhatsappSchema, { ...given, ...more }) as WhatsappConfig;
}

const message = (n: number, more: object) => ({
  from: '79161234567',
  id: `wamid.${n}`,
  timestamp: String(date + n),
  ...more,
});
const envelope = (...values: object[]) => ({
  object: 'whatsapp_business_account',
  entry: [
    {
      id: 'WABA',
      changes: values.map((value) => ({
        field: 'messages',
        value: { messaging_product: 'whatsapp', metadata, ...value },
      })),
    },
  ],
});

function hook(given: Buffer | object): HookRequest {
  const body = Buffer.isBuffer(given) ? given : Buffer.from(JSON.stringify(given));
  const signature = `sha256=${createHmac('sha256', appSecret).update(body).digest('hex')}`;
  return { method: 'POST', query: {}, headers: { 'x-hub-signature-256': signature }, body };
}

async function listening(isSecure = false): Promise<WhatsappServer> {
  const server = new WhatsappServer();
  server.root = await server.listen(isSecure);
  return server;
}

describeMessenger('whatsapp', async (isSecure) => {
  const server = await listening(isSecure);
  const text = (n: number, body: string, second = n) =>
    message(n, { type: 'text', text: { body }, timestamp: String(date + second) });
  return {
    service: server,
    create: (context, reach) => whatsapp.create(config(server, reach), context),
    brings: (...parts) => hook(envelope({ contacts: [ivan], messages: [text(...parts)] })),
    wholeSeconds: true,
    batch: (messages) => hook(envelope({ contacts: [ivan], messages: messages.map(([n, body]) => text(n, body)) })),
    withFile: (n, caption, file) => {
      server.files.set('doc', file);
      const document = { id: 'doc', filename: 'a.pdf', mime_type: 'application/pdf', caption };
      return hook(envelope({ contacts: [ivan], messages: [message(n, { type: 'document', document })] }));
    },
    signed: hook,
    forged: (request) => [
      { ...request, headers: {} },
      { ...request, headers: { 'x-hub-signature-256': 'sha256=' } },
      { ...request, body: Buffer.concat([request.body, Buffer.from(' ')]) },
    ],
    busy: (seconds) => ({
      ...json({ error: { message: 'Rate limit hit', code: 130429 } }, 429),
      headers: { 'retry-after': String(seconds) },
    }),
    longest: 4096,
    sent: () => server.messages.map(({ text }) => text),
    close: () => server.close(),
  };
});

describe('whatsapp', () => {
  let server: WhatsappServer;
  let desk: MessengerStore;
  let connector: Connector;

  beforeEach(async () => {
    server = await listening();
    desk = await MessengerStore.open('wa');
    connector = whatsapp.create(config(server), desk.context);
  });

  afterEach(async () => {
    await connector.stop();
    await server.close();
    await desk.close();
  });

  const take = (given: object) => receiverOf(connector).receive(hook(given));
  const to = (phone: string) => ({ email: null, phone, account: null, name: null });

  it('answers Meta’s verification only with the verify token', async () => {
    const query = { 'hub.mode': 'subscribe', 'hub.verify_token': 'verify me', 'hub.challenge': '1158201444' };
    const ask = (more: object) =>
      receiverOf(connector).receive({
        method: 'GET',
        query: { ...query, ...more },
        headers: {},
        body: Buffer.alloc(0),
      });
    expect(await ask({})).toEqual({ status: 200, body: '1158201444' });
    expect((await ask({ 'hub.verify_token': 'wrong' })).status).toBe(403);
    expect((await ask({ 'hub.challenge': '<script>' })).status).toBe(403);
  });

  it('splits an unordered batch, and omits messages for another number', async () => {
    const other = {
      metadata: { phone_number_id: '2020' },
      messages: [message(9, { type: 'text', text: { body: 'not ours' } })],
    };
    const two = {
      contacts: [ivan],
      messages: [
        message(2, { type: 'text', text: { body: 'two' } }),
        message(1, { type: 'text', text: { body: 'one' } }),
      ],
    };
    await take(envelope(two, other, { statuses: [{ id: 'wamid.unknown', status: 'read', timestamp: String(date) }] }));
    expect(await desk.interactions()).toMatchObject([
      { text: 'one', party: { phone: '+79161234567', name: 'Ivan', account: { kind: 'whatsapp', id: '79161234567' } } },
      { text: 'two' },
    ]);
  });

  it('identifies somebody without a number by the user id', async () => {
    const contacts = [{ profile: { name: 'Olga', username: 'olga' }, user_id: 'RU.123' }];
    await take(
      envelope({
        contacts,
        messages: [{ ...message(1, { type: 'text', text: { body: 'hi' } }), from: undefined, from_user_id: 'RU.123' }],
      }),
    );
    const [asked] = await desk.interactions();
    expect(asked?.party).toMatchObject({ phone: null, name: 'Olga', account: { id: 'RU.123', username: 'olga' } });
    await desk.send(connector, await desk.write('hello', { answers: asked?.id as never }));
    expect(server.messages).toMatchObject([{ to: 'RU.123', text: 'hello' }]);
  });

  it('quotes the chosen message', async () => {
    await take(envelope({ contacts: [ivan], messages: [message(1, { type: 'text', text: { body: 'price?' } })] }));
    const [asked] = await desk.interactions();
    await desk.send(connector, await desk.write('ten', { answers: asked?.id as never, quote: true }));
    await desk.send(connector, await desk.write('plain', { answers: asked?.id as never }));
    const sent = server.asked.filter(({ path }) => path.endsWith('/messages'));
    const quoted = sent.map(({ body }) => JSON.parse(String(body)).context);
    expect(quoted).toEqual([{ message_id: message(1, {}).id }, undefined]);
  });

  it('keeps the advertisement as attribution, and keeps media', async () => {
    server.files.set('m1', Buffer.from('jpg'));
    const referral = {
      source_url: 'https://fb.me/x',
      source_type: 'ad',
      source_id: '77',
      headline: 'Pumps',
      ctwa_clid: 'CLID',
    };
    await take(
      envelope({
        contacts: [ivan],
        messages: [
          message(1, { type: 'image', image: { id: 'm1', mime_type: 'image/jpeg', caption: 'look' }, referral }),
        ],
      }),
    );
    expect(await desk.interactions()).toMatchObject([
      {
        text: 'look',
        attribution: {
          source: 'whatsapp',
          medium: 'ad',
          campaign: 'Pumps',
          page: 'https://fb.me/x',
          ids: { ctwa_clid: 'CLID', source_id: '77' },
        },
        attachments: [{ mime: 'image/jpeg', bytes: 3 }],
      },
    ]);
  });

  it('reports the progress and failure of a message, whatever the order of reports', async () => {
    const id = await desk.write('first', { to: to('+79161234567') });
    await desk.send(connector, id);
    const status = (state: string, more = {}) => ({
      id: 'wamid.out1',
      status: state,
      timestamp: String(date),
      recipient_id: '79161234567',
      ...more,
    });
    await take(envelope({ statuses: [status('read'), status('delivered'), status('sent')] }));
    expect(await desk.store.read.interaction(id)).toMatchObject({ state: 'read' });
    const failing = await desk.write('second', { to: to('+79161234567') });
    await desk.send(connector, failing);
    const errors = [{ code: 131047, title: 'Re-engagement message' }];
    await take(envelope({ statuses: [{ ...status('failed', { errors }), id: 'wamid.out2' }] }));
    const problem = expect.stringMatching(/^more than 24 hours have passed .* \(131047\)$/);
    const problemReason = { code: 'windowClosed' };
    expect(await desk.store.read.interaction(failing)).toMatchObject({ state: 'failed', problem, problemReason });
  });

  it('learns from a report that an interrupted message was sent', async () => {
    const id = await desk.write('hello', { to: to('+79161234567') });
    server.mode = 'cut';
    expect(await desk.send(connector, id)).toMatchObject({ state: 'queued' });
    expect(await desk.store.read.outbound(id)).toMatchObject({ state: 'uncertain' });
    await take(
      envelope({
        statuses: [
          {
            id: 'wamid.out1',
            status: 'delivered',
            timestamp: String(date),
            biz_opaque_callback_data: server.messages[0]?.marker,
          },
        ],
      }),
    );
    expect(await desk.store.read.interaction(id)).toMatchObject({ state: 'delivered' });
  });

  it('reports that the 24 hours are over, or uses the configured template', async () => {
    await take(envelope({ contacts: [ivan], messages: [message(1, { type: 'text', text: { body: 'hi' } })] }));
    const [asked] = await desk.interactions();
    server.windowOpen = false;
    const plain = await desk.send(connector, await desk.write('late', { answers: asked?.id as never }));
    expect(plain).toMatchObject({ state: 'failed', problem: expect.stringContaining('24 hours') });
    connector = whatsapp.create(config(server, { template: { name: 'answer', language: 'ru' } }), desk.context);
    const templated = await desk.send(connector, await desk.write('late\nagain', { answers: asked?.id as never }));
    expect(templated).toMatchObject({ state: 'sent' });
    expect(server.messages).toMatchObject([{ type: 'template', text: 'late again' }]);
  });

  it('sends a file with its caption', async () => {
    await take(envelope({ contacts: [ivan], messages: [message(1, { type: 'text', text: { body: 'hi' } })] }));
    const [asked] = await desk.interactions();
    const { id: blob, bytes } = await desk.context.blobs.put([Buffer.from('pdf bytes')] as never, 100);
    await desk.send(
      connector,
      await desk.write('look', {
        answers: asked?.id as never,
        attachments: [{ blob, name: 'a.pdf', mime: 'application/pdf', bytes }],
      }),
    );
    expect(server.messages).toMatchObject([{ type: 'document', text: 'look', file: 'pdf bytes' }]);
  });

  it('records what our people write in the WhatsApp Business app', async () => {
    const echo = {
      from: '74951234567',
      to: '79161234567',
      id: 'wamid.e1',
      timestamp: String(date),
      type: 'text',
      text: { body: 'ours' },
    };
    await take(envelope({ message_echoes: [echo] }));
    expect(await desk.interactions()).toMatchObject([
      { direction: 'outbound', state: 'sent', text: 'ours', party: { phone: '+79161234567' } },
    ]);
  });
});
