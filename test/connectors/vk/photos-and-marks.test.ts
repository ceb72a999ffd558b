import { Value } from 'typebox/value';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Connector } from '../../../src/connectors/contract.ts';
import { vk } from '../../../src/connectors/vk/connector.ts';
import { type VkConfig, VkSchema } from '../../../src/connectors/vk/schema.ts';
import type { InteractionId } from '../../../src/domain/base/ids.ts';
import { MessengerStore, receiverOf } from '../../support/messenger-store.ts';
import { VkServer } from '../../support/vk-server.ts';

const date = Date.parse('2026-11-24T09:00:00Z') / 1000;
const secret = 'the secret key';
const signs = { jpeg: '\xff\xd8\xff', png: '\x89PNG', gif: 'GIF89a' };

describe('vk', () => {
  let server: VkServer;
  let desk: MessengerStore;
  let connector: Connector;
  let asked: InteractionId;

  beforeEach(async () => {
    server = new VkServer();
    server.root = await server.listen();
    desk = await MessengerStore.open('vk');
    const given = { kind: 'vk', group: '9', token: server.token, secret, confirmation: 'c0nf', api: server.root };
    connector = vk.create(Value.Default(VkSchema, given) as VkConfig, desk.context);
    await take('message_new', { message: { id: 1, date, peer_id: 42, from_id: 42, text: 'colour?' } });
    asked = (await desk.interactions())[0]?.id as InteractionId;
  });
  afterEach(async () => {
    await connector.stop();
    await server.close();
    await desk.close();
  });

  async function take(type: string, object: object): Promise<void> {
    const body = Buffer.from(JSON.stringify({ type, group_id: 9, secret, object }));
    expect(await receiverOf(connector).receive({ method: 'POST', query: {}, headers: {}, body })).toEqual({
      status: 200,
      body: 'ok',
    });
  }

  async function file(name: string, mime: string, content: string, claimed?: number) {
    const { id: blob, bytes } = await desk.context.blobs.put([Buffer.from(content, 'latin1')] as never, 1000);
    return { blob, name, mime, bytes: claimed ?? bytes };
  }

  it('sends pictures as photos, and moving ones and other files as documents, in one message', async () => {
    const attachments = [
      await file('a.jpg', 'image/jpeg', `${signs.jpeg} a`),
      await file('b.png', 'image/png', `${signs.png} b`),
      await file('c.gif', 'image/gif', `${signs.gif} c`),
      await file('d.pdf', 'application/pdf', 'pdf'),
    ];
    await desk.send(connector, await desk.write('look', { answers: asked, attachments }));
    expect(server.messages).toMatchObject([
      { peer: '42', text: 'look', attachment: 'photo-9_301,photo-9_302,doc-9_5,doc-9_5' },
    ]);
    expect(server.photos.map((one) => one.toString('latin1'))).toEqual([`${signs.jpeg} a`, `${signs.png} b`]);
  });

  it('sends a picture as a document if VK does not take it as a photo', async () => {
    const broken = await file('a.jpg', 'image/jpeg', 'no picture at all');
    await desk.send(connector, await desk.write('', { answers: asked, attachments: [broken] }));
    server.takesPhotos = false;
    const sound = await file('b.png', 'image/png', signs.png);
    await desk.send(connector, await desk.write('', { answers: asked, attachments: [sound] }));
    server.takesPhotos = true;
    const other = await file('c.webp', 'image/webp', 'RIFF');
    await desk.send(connector, await desk.write('', { answers: asked, attachments: [other] }));
    expect(server.messages.map(({ attachment }) => attachment)).toEqual(['doc-9_5', 'doc-9_5', 'doc-9_5']);
    expect(server.photos).toEqual([]);
  });

  it('sends a picture once, although the answer to the sending is lost', async () => {
    const attachments = [await file('a.jpg', 'image/jpeg', signs.jpeg)];
    const id = await desk.write('look', { answers: asked, attachments });
    const lost = server
      .until(({ path }) => path === '/messages.send')
      .then(() => {
        server.mode = 'up';
      });
    const cut = server
      .until(({ path }) => path === '/photos.saveMessagesPhoto')
      .then(() => {
        server.mode = 'cut';
      });
    await desk.send(connector, id);
    await Promise.all([cut, lost]);
    desk.ahead = 60_000;
    await desk.send(connector, id);
    expect(server.asked.filter(({ path }) => path === '/messages.send')).toHaveLength(2);
    expect(server.messages).toHaveLength(1);
    expect(await desk.store.read.interaction(id)).toMatchObject({ state: 'sent' });
  });

  it('shows what the client has read, up to the message that VK names', async () => {
    const first = await desk.write('ten', { answers: asked });
    await desk.send(connector, first);
    const second = await desk.write('or nine', { answers: asked });
    await desk.send(connector, second);
    const states = async () => {
      const found = await Promise.all([first, second].map((id) => desk.store.read.interaction(id)));
      return found.map((one) => one?.state);
    };
    const read = (more: object) => take('message_read', { from_id: 42, peer_id: 42, read_message_id: 1, ...more });
    // What the community or somebody in a chat has read says nothing about the client.
    await read({ from_id: -9 });
    await read({ from_id: 42, peer_id: 2_000_000_001 });
    await read({ read_message_id: 'rubbish', peer_id: null });
    expect(await states()).toEqual(['sent', 'sent']);
    await read({});
    expect(await states()).toEqual(['read', 'sent']);
    await read({ read_message_id: 2 });
    await read({ read_message_id: 2 });
    expect(await states()).toEqual(['read', 'read']);
  });

  it('reports that the client is writing, and stores nothing of it', async () => {
    const before = await desk.interactions();
    await take('message_typing_state', { state: 'typing', from_id: 42, to_id: -9 });
    await take('message_typing_state', { state: 'typing', from_id: -9, to_id: 42 });
    await take('message_typing_state', { state: 'done', from_id: 42, to_id: -9 });
    expect(desk.context.typing).toEqual([before[0]?.thread]);
    expect(await desk.interactions()).toEqual(before);
    expect(desk.context.events).toHaveLength(1);
  });
});
