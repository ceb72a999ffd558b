import { Value } from 'typebox/value';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Connector } from '../../../src/connectors/contract.ts';
import { viber } from '../../../src/connectors/viber/connector.ts';
import { type ViberConfig, ViberSchema } from '../../../src/connectors/viber/schema.ts';
import type { HookRequest } from '../../../src/domain/ports/hooks.ts';
import { hmacHex } from '../../../src/runtime/secrets.ts';
import { MessengerStore, receiverOf } from '../../support/messenger-store.ts';
import { json } from '../../support/scripted-service.ts';
import { ViberServer } from '../../support/viber-server.ts';
import { describeMessenger } from '../contract.ts';
import { untilTrue } from '../contract-bench.ts';

const date = Date.parse('2026-11-24T09:00:00Z');
const token = '445da6az1s345z78';

function config(server: ViberServer, more: Partial<ViberConfig> = {}): ViberConfig {
  const given = { kind: 'viber', token, sender: { name: 'Shop' }, api: server.root };
  return Value.Default(ViberSchema, { ...given, ...more }) as ViberConfig;
}

const client = { id: '01234567890A=', name: 'Ivan Petrov', country: 'RU', language: 'ru', api_version: 10 };

/** A callback as Viber writes it: its token exceeds the precision of a double. */
function callback(n: number, event: string, more: object, second = n): Buffer {
  const body = JSON.stringify({ event, timestamp: date + second * 1000 + n, message_token: 0, ...more });
  return Buffer.from(
    body.replace('"message_token":0', `"message_token":49126618466552386${String(n).padStart(2, '0')}`),
  );
}
const message = (n: number, content: object, second?: number) =>
  callback(n, 'message', { sender: client, message: content }, second);

function hook(body: Buffer, key = token): HookRequest {
  return { method: 'POST', query: {}, headers: { 'x-viber-content-signature': hmacHex(key, body) }, body };
}

async function listening(isSecure = false): Promise<ViberServer> {
  const server = new ViberServer();
  server.root = await server.listen(isSecure);
  return server;
}

describeMessenger('viber', async (isSecure) => {
  const server = await listening(isSecure);
  return {
    service: server,
    create: (context, reach) => viber.create(config(server, reach), context),
    brings: (n, text, second) => hook(message(n, { type: 'text', text }, second)),
    withFile: (n, text, file) => {
      server.files.set('a.jpg', file);
      return hook(message(n, { type: 'picture', text, media: `${server.root}/cdn/a.jpg` }));
    },
    signed: (body) => hook(body),
    forged: (request) => [
      hook(request.body, 'wrong'),
      { ...request, headers: {} },
      { ...request, body: Buffer.concat([request.body, Buffer.from(' ')]) },
      { ...request, method: 'GET' },
    ],
    // Viber's documentation does not say how long to wait; this is the standard HTTP header.
    busy: (seconds) => ({
      ...json({ status: 12, status_message: 'tooManyRequests' }),
      headers: { 'retry-after': String(seconds) },
    }),
    longest: 7000,
    sent: () => server.messages.map(({ text }) => text),
    close: () => server.close(),
  };
});

describe('viber', () => {
  let server: ViberServer;
  let desk: MessengerStore;
  let connector: Connector;

  beforeEach(async () => {
    server = await listening();
    desk = await MessengerStore.open('viber');
    connector = viber.create(config(server), desk.context);
  });

  afterEach(async () => {
    await connector.stop();
    await server.close();
    await desk.close();
  });

  const take = (body: Buffer) => receiverOf(connector).receive(hook(body));

  it('sets its webhook, and answers Viber’s validation request', async () => {
    expect((await take(callback(1, 'webhook', {}))).status).toBe(200);
    await connector.start();
    await untilTrue(() => desk.context.states.includes('ready'));
    expect(server.webhook).toBe('http://127.0.0.1/api/v1/hooks/viber');
    expect(desk.context.events).toEqual([]);
  });

  it('explains that the token is unknown', async () => {
    connector = viber.create(config(server, { token: 'another token' }), desk.context);
    await connector.start();
    await untilTrue(() =>
      desk.context.states.includes('failed: Viber does not accept our access token: invalidAuthToken (2)'),
    );
  });

  it('keeps files, locations and links; a shared contact is a claim by default', async () => {
    server.files.set('a.pdf', Buffer.from('pdf'));
    await take(message(1, { type: 'file', media: `${server.root}/cdn/a.pdf`, file_name: 'price.pdf', size: 3 }));
    await take(message(2, { type: 'location', location: { lat: 55.75, lon: 37.61 } }));
    await take(message(3, { type: 'url', media: 'https://example.com/x' }));
    const shared = { type: 'contact', contact: { name: 'Ivan', phone_number: '79161234567' } };
    await take(message(4, shared));
    connector = viber.create(config(server, { sharedContacts: 'proof' }), desk.context);
    await take(message(5, shared));
    const all = await desk.interactions();
    expect(all.map(({ text }) => text)).toEqual([
      null,
      'geo:55.75,37.61',
      'https://example.com/x',
      'Ivan\n79161234567',
      'Ivan\n79161234567',
    ]);
    expect(all[0]).toMatchObject({
      attachments: [{ name: 'price.pdf', bytes: 3 }],
      party: { name: 'Ivan Petrov', account: { kind: 'viber', id: client.id } },
    });
    expect(all.map(({ party }) => party.phone)).toEqual([null, null, null, null, '+79161234567']);
  });

  it('keeps the context of the link that opened the conversation', async () => {
    await take(callback(1, 'conversation_started', { type: 'open', context: 'spring', user: client }));
    await take(callback(2, 'conversation_started', { type: 'open', user: client }));
    expect(await desk.interactions()).toMatchObject([
      { text: '/start spring', attribution: { source: 'viber', campaign: 'spring' } },
    ]);
  });

  it('reports the progress of a message, whatever the order of reports', async () => {
    await take(message(1, { type: 'text', text: 'price?' }));
    const [asked] = await desk.interactions();
    const id = await desk.write('ten', { answers: asked?.id as never });
    expect(await desk.send(connector, id)).toMatchObject({ state: 'sent' });
    expect(server.messages).toEqual([{ receiver: client.id, text: 'ten', name: 'Shop' }]);
    const report = (event: string, more = {}) =>
      take(
        Buffer.from(
          JSON.stringify({ event, timestamp: date + 2000, message_token: 'T', user_id: client.id, ...more }).replace(
            '"T"',
            '4912661846655238101',
          ),
        ),
      );
    await report('seen');
    await report('delivered');
    expect(await desk.store.read.interaction(id)).toMatchObject({ state: 'read' });
    server.refuses = 6;
    expect(await desk.send(connector, await desk.write('eleven', { answers: asked?.id as never }))).toMatchObject({
      state: 'failed',
      problemReason: { code: 'blockedUs' },
    });
  });

  it('reports that it cannot send files', async () => {
    await take(message(1, { type: 'text', text: 'price?' }));
    const [asked] = await desk.interactions();
    const { id: blob, bytes } = await desk.context.blobs.put([Buffer.from('pdf')] as never, 100);
    const file = { blob, name: 'a.pdf', mime: 'application/pdf', bytes };
    const id = await desk.write('look', { answers: asked?.id as never, attachments: [file] });
    expect(await desk.send(connector, id)).toMatchObject({ state: 'failed' });
    expect(server.messages).toEqual([]);
  });
});
