import { Value } from 'typebox/value';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Connector } from '../../../src/connectors/contract.ts';
import { vk } from '../../../src/connectors/vk/connector.ts';
import { type VkConfig, VkSchema } from '../../../src/connectors/vk/schema.ts';
import type { HookRequest } from '../../../src/domain/ports/hooks.ts';
import { MessengerStore, receiverOf } from '../../support/messenger-store.ts';
import { json } from '../../support/scripted-service.ts';
import { VkServer } from '../../support/vk-server.ts';
import { describeMessenger } from '../contract.ts';

const date = Date.parse('2026-11-24T09:00:00Z') / 1000;
const secret = 'the secret key';

function config(server: VkServer, more: Partial<VkConfig> = {}): VkConfig {
  const given = { kind: 'vk', group: '9', token: server.token, secret, confirmation: 'c0nf', api: server.root };
  return Value.Default(VkSchema, { ...given, ...more }) as VkConfig;
}

const event = (n: number, type: string, object: object) => ({
  type,
  group_id: 9,
  event_id: `e${n}`,
  v: '5.199',
  secret,
  object,
});
const message = (n: number, more: object = {}) => ({
  id: n,
  date: date + n,
  peer_id: 42,
  from_id: 42,
  text: '',
  attachments: [],
  ...more,
});
const fresh = (n: number, more: object = {}) => event(n, 'message_new', { message: message(n, more), client_info: {} });

function hook(body: Buffer | object): HookRequest {
  return {
    method: 'POST',
    query: {},
    headers: {},
    body: Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body)),
  };
}

async function listening(isSecure = false): Promise<VkServer> {
  const server = new VkServer();
  server.root = await server.listen(isSecure);
  return server;
}

describeMessenger('vk', async (isSecure) => {
  const server = await listening(isSecure);
  return {
    service: server,
    create: (context, reach) => vk.create(config(server, reach), context),
    brings: (n, text, second = n) => hook(fresh(n, { text, date: date + second })),
    withFile: (n, text, file) => {
      server.files.set('a.pdf', file);
      const doc = { id: 1, title: 'a.pdf', url: `${server.root}/cdn/a.pdf` };
      return hook(fresh(n, { text, attachments: [{ type: 'doc', doc }] }));
    },
    signed: hook,
    forged: ({ body }) => [
      hook({ ...JSON.parse(String(body)), secret: 'wrong' }),
      hook({ ...JSON.parse(String(body)), secret: undefined }),
      hook({ ...JSON.parse(String(body)), group_id: 8 }),
    ],
    busy: () => json({ error: { error_code: 6, error_msg: 'Too many requests per second' } }),
    tellsWait: false,
    recognises: true,
    longest: 9000,
    sent: () => server.messages.map(({ text }) => text),
    close: () => server.close(),
  };
});

describe('vk', () => {
  let server: VkServer;
  let desk: MessengerStore;
  let connector: Connector;

  beforeEach(async () => {
    server = await listening();
    desk = await MessengerStore.open('vk');
    connector = vk.create(config(server, { authors: { '7': 'anna' } }), desk.context);
  });

  afterEach(async () => {
    await connector.stop();
    await server.close();
    await desk.close();
  });

  const take = (given: object) => receiverOf(connector).receive(hook(given));

  it('answers the confirmation with its code, and everything else with ok', async () => {
    expect(await take({ type: 'confirmation', group_id: 9 })).toEqual({ status: 200, body: 'c0nf' });
    expect(await take(fresh(1, { text: 'hi' }))).toEqual({ status: 200, body: 'ok' });
    expect(await take(event(2, 'wall_post_new', {}))).toEqual({ status: 200, body: 'ok' });
  });

  it('requests the name once, keeps ref as attribution, and keeps files', async () => {
    server.files.set('a.jpg', Buffer.from('jpg'));
    const photo = {
      type: 'photo',
      photo: {
        id: 3,
        sizes: [
          { url: `${server.root}/cdn/none`, width: 1, height: 1 },
          { url: `${server.root}/cdn/a.jpg`, width: 9, height: 9 },
        ],
      },
    };
    await take(
      fresh(1, {
        text: 'look',
        ref: 'spring',
        ref_source: 'site',
        attachments: [photo, { type: 'video', video: { owner_id: -1, id: 2 } }],
      }),
    );
    await take(fresh(2, { text: 'more' }));
    expect(await desk.interactions()).toMatchObject([
      {
        text: 'look\nVideo\nhttps://vk.com/video-1_2',
        party: { name: 'Ivan Petrov', account: { kind: 'vk', id: '42' } },
        attribution: { source: 'site', campaign: 'spring' },
        attachments: [{ mime: 'image/jpeg', bytes: 3 }],
      },
      { text: 'more' },
    ]);
    expect(server.asked.filter(({ path }) => path === '/users.get')).toHaveLength(1);
  });

  it('gets the rest of a message that VK cropped, or else keeps what came', async () => {
    server.whole.set('1', message(1, { text: 'all of it', fwd_messages: [{ text: 'and this' }] }));
    await take(fresh(1, { text: 'all', is_cropped: true }));
    await take(fresh(2, { text: 'lost', is_cropped: true }));
    expect((await desk.interactions()).map(({ text }) => text)).toEqual(['all of it\nForwarded:\n> and this', 'lost']);
  });

  it('reads comments where it is asked to, applies edits, and marks deleted ones', async () => {
    connector = vk.create(config(server, { comments: ['wall'] }), desk.context);
    const comment = { id: 5, from_id: 42, date, text: 'price?', post_id: 3, post_owner_id: -9 };
    await take(event(1, 'wall_reply_new', comment));
    await take(event(2, 'wall_reply_edit', { ...comment, text: 'prices?' }));
    await take(event(3, 'wall_reply_new', { ...comment, id: 6, from_id: -9, text: 'of ours' }));
    await take(event(4, 'photo_comment_new', { ...comment, id: 7, photo_id: 3, photo_owner_id: -9 }));
    await take(event(5, 'wall_reply_delete', { id: 5, owner_id: -9, post_id: 3, deleter_id: 42 }));
    expect(await desk.interactions()).toMatchObject([
      {
        text: 'prices?\nComment: https://vk.com/wall-9_3?reply=5',
        party: { name: 'Ivan Petrov', account: { id: '42' } },
        deletedAt: expect.any(String),
      },
    ]);
    expect(desk.context.unread).toEqual([
      { kind: 'unshown', what: 'service', type: 'wall_reply_new' },
      { kind: 'unshown', what: 'service', type: 'photo_comment_new' },
    ]);
  });

  it('quotes the chosen message', async () => {
    await take(fresh(1, { text: 'price?' }));
    const [asked] = await desk.interactions();
    await desk.send(connector, await desk.write('ten', { answers: asked?.id as never, quote: true }));
    await desk.send(connector, await desk.write('plain', { answers: asked?.id as never }));
    const sent = server.asked.filter(({ path }) => path.includes('messages.send'));
    const quoted = sent.map(({ body }) => new URLSearchParams(String(body)).get('reply_to'));
    expect(quoted).toEqual([String(message(1, {}).id), null]);
  });

  it('records messages written by the community’s people', async () => {
    await take(fresh(1, { text: 'price?' }));
    await take(event(2, 'message_reply', message(2, { from_id: -9, out: 1, text: 'ten', admin_author_id: 7 })));
    expect(await desk.interactions()).toMatchObject([
      { direction: 'inbound', waitSeconds: 1 },
      { direction: 'outbound', state: 'sent', text: 'ten', party: { account: { id: '42' } } },
    ]);
  });

  it('recognises its own message when VK reports it, even before the response to the sending', async () => {
    await take(fresh(1, { text: 'price?' }));
    const [asked] = await desk.interactions();
    server.mode = 'cut';
    const id = await desk.write('ten', { answers: asked?.id as never });
    await desk.send(connector, id);
    const { random } = server.messages[0] ?? { random: '' };
    await take(
      event(3, 'message_reply', message(1001, { from_id: -9, out: 1, text: 'ten', random_id: Number(random) })),
    );
    server.mode = 'up';
    expect(await desk.store.read.outboundNext('vk')).toBeNull();
    expect(server.messages).toHaveLength(1);
    const all = await desk.interactions();
    expect(all).toHaveLength(2);
    expect(all[1]).toMatchObject({ id, state: 'sent' });
  });

  it('repeats under the same random_id after a crash, unless that is too long ago', async () => {
    await take(fresh(1, { text: 'price?' }));
    const [asked] = await desk.interactions();
    const id = await desk.write('ten', { answers: asked?.id as never });
    await desk.intake.apply([{ op: 'begin-sending', id, at: Date.now() - 3_600_000 }]);
    await desk.send(connector, id);
    expect(await desk.store.read.outbound(id)).toMatchObject({ state: 'uncertain' });
    expect(server.messages).toEqual([]);
  });

  it('sends what was recorded at the desk as a voice note', async () => {
    await take(fresh(1, { text: 'price?' }));
    const [asked] = await desk.interactions();
    const { id: blob, bytes } = await desk.context.blobs.put([Buffer.from('OggS')] as never, 100);
    const note = { blob, name: 'voice.ogg', mime: 'audio/ogg', bytes };
    await desk.send(connector, await desk.write('', { answers: asked?.id as never, attachments: [note] }));
    expect(server.messages).toMatchObject([{ peer: '42', text: '', attachment: 'doc-9_6' }]);
  });

  it('sends files as documents, and reports why a user cannot be written to', async () => {
    await take(fresh(1, { text: 'price?' }));
    const [asked] = await desk.interactions();
    const { id: blob, bytes } = await desk.context.blobs.put([Buffer.from('pdf')] as never, 100);
    await desk.send(
      connector,
      await desk.write('look', {
        answers: asked?.id as never,
        attachments: [{ blob, name: 'a.pdf', mime: 'application/pdf', bytes }],
      }),
    );
    expect(server.messages).toMatchObject([{ peer: '42', text: 'look', attachment: 'doc-9_5' }]);
    server.refuses = 901;
    const refused = await desk.send(connector, await desk.write('hello?', { answers: asked?.id as never }));
    expect(refused).toMatchObject({ state: 'failed', problemReason: { code: 'writingForbidden' } });
  });

  it('applies an edit to its message', async () => {
    await take(fresh(1, { text: 'first' }));
    await take(event(2, 'message_edit', message(1, { text: 'second', update_time: date + 9 })));
    await take(fresh(1, { text: 'first' }));
    expect(await desk.interactions()).toMatchObject([{ text: 'second', revision: 2 }]);
  });
});
