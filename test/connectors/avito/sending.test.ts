import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { markOf, OwnSends } from '../../../src/connectors/avito/own-sends.ts';
import type { Connector } from '../../../src/connectors/contract.ts';
import type { InteractionId } from '../../../src/domain/base/ids.ts';
import type { AvitoServer } from '../../support/avito-server.ts';
import { MessengerStore, receiverOf } from '../../support/messenger-store.ts';
import { untilTrue } from '../contract-bench.ts';
import { connect, hook, listening } from './bench.ts';

const later = 60_000;

describe('messages to Avito', () => {
  let server: AvitoServer;
  let desk: MessengerStore;
  let connector: Connector;
  let question: InteractionId;

  beforeEach(async () => {
    server = await listening();
    server.addChat('u2i-1');
    desk = await MessengerStore.open('shop');
    connector = connect(server, desk.context);
    await receiverOf(connector).receive(
      hook(server.reports('u2i-1', server.add('u2i-1', { content: { text: 'price?' } })), 'shop'),
    );
    question = (await desk.interactions())[0]?.id as InteractionId;
  });

  afterEach(async () => {
    await connector.stop();
    await server.close();
    await desk.close();
  });

  async function picture(name: string, mime = 'image/png') {
    const { id: blob, bytes } = await desk.context.blobs.put([Buffer.from(name)] as never, 1000);
    return { blob, name, mime, bytes };
  }
  const write = (text: string, more: object = {}) => desk.write(text, { answers: question, ...more });
  const ours = async () => (await desk.interactions()).filter(({ direction }) => direction === 'outbound');
  /** As after a restart: nothing is known but what is stored, and the conversations are read. */
  async function restart(): Promise<void> {
    await connector.stop();
    desk.context.states.length = 0;
    desk.context.cursors.set('updates', String(Math.floor(Date.now() / 1000) - 600));
    connector = connect(server, desk.context);
    await connector.start();
    await untilTrue(() => desk.context.states.at(-1) === 'ready');
  }
  const echo = async () => {
    for (const one of server.chats.get('u2i-1')?.messages ?? [])
      await receiverOf(connector).receive(hook(server.reports('u2i-1', one), 'shop'));
  };

  it('go out as text and pictures, and are not recorded again when Avito shows them', async () => {
    const attachments = [await picture('a.png'), await picture('b.png')];
    const id = await write('look', { attachments });
    expect(await desk.send(connector, id)).toMatchObject({ state: 'sent', problem: null });
    expect(server.messages).toEqual([
      { chat: 'u2i-1', text: 'look', image: null },
      { chat: 'u2i-1', text: null, image: 'a.png' },
      { chat: 'u2i-1', text: null, image: 'b.png' },
    ]);
    const alone = await write('', { attachments: [await picture('c.png')] });
    await desk.send(connector, alone);
    const words = await write('and this');
    await desk.send(connector, words);
    await echo();
    await restart();
    await restart();
    expect(await ours()).toMatchObject([
      { id, text: 'look', attachments: [{ name: 'a.png' }, { name: 'b.png' }] },
      { id: alone, attachments: [{ name: 'c.png' }] },
      { id: words, text: 'and this', attachments: [] },
    ]);
  });

  it('are recognised by another instance that gets the webhook', async () => {
    const id = await write('yes');
    await desk.send(connector, id);
    connector = connect(server, desk.context);
    await echo();
    expect(await ours()).toMatchObject([{ id, text: 'yes', state: 'sent' }]);
  });

  it('are settled although an earlier picture never arrived', async () => {
    const lost = await write('', { attachments: [await picture('lost.png')] });
    server.failMessages = 1;
    expect(await desk.send(connector, lost)).toMatchObject({ state: 'queued' });
    server.losesAnswers = true;
    const id = await write('', { attachments: [await picture('a.png')] });
    expect(await desk.send(connector, id)).toMatchObject({ id, state: 'sent' });
    expect(await desk.store.read.outbound(lost)).toMatchObject({ state: 'uncertain' });
  });

  it('are told from the same words of a colleague', async () => {
    const id = await write('yes');
    await desk.send(connector, id);
    server.add('u2i-1', { author_id: server.account, content: { text: 'yes' } });
    await echo();
    const all = await ours();
    expect(all.map(({ text }) => text)).toEqual(['yes', 'yes']);
    expect(all.filter((one) => one.id === id)).toMatchObject([{ state: 'sent' }]);
  });

  it('find the latest conversation with a client', async () => {
    server.addChat('u2i-2', { updated: 2_000_000_000 });
    const account = { kind: 'avito', connection: 'shop', id: '42', username: null };
    const to = { email: null, phone: null, account, name: null };
    connector = connect(server, desk.context);
    await desk.send(connector, await desk.write('hello', { to }));
    expect(server.messages).toMatchObject([{ chat: 'u2i-2' }]);
    const stranger = await desk.write('hello', { to: { ...to, account: { ...account, id: '77' } } });
    expect(await desk.send(connector, stranger)).toMatchObject({
      state: 'failed',
      problemReason: { code: 'neverWrote' },
    });
  });

  it.each([
    ['price.pdf', 'application/pdf', 10, 'picturesOnly'],
    ['large.png', 'image/png', 25 * 1024 * 1024, 'fileTooLarge'],
  ])('are refused in words with %s', async (name, mime, bytes, code) => {
    const file = { ...(await picture(name, mime)), bytes };
    expect(await desk.send(connector, await write('look', { attachments: [file] }))).toMatchObject({
      state: 'failed',
      problemReason: { code },
    });
    expect(server.messages).toEqual([]);
  });

  it('are settled by the conversation if the answer is lost', async () => {
    server.losesAnswers = true;
    const id = await write('yes');
    expect(await desk.send(connector, id)).toMatchObject({ state: 'sent', problem: null });
    await echo();
    expect(await ours()).toMatchObject([{ id, state: 'sent' }]);
    expect(server.messages).toHaveLength(1);
  });

  it('are left to a human if the conversation does not show them, and recognised when it does', async () => {
    server.next.push({ status: 500, body: '' });
    const id = await write('yes');
    expect(await desk.send(connector, id)).toMatchObject({ state: 'queued', problemReason: { code: 'unsure' } });
    expect(await desk.store.read.outbound(id)).toMatchObject({ state: 'uncertain' });
    server.add('u2i-1', { author_id: server.account, content: { text: ' yes' } });
    await restart();
    expect(await ours()).toMatchObject([{ id, state: 'sent', text: 'yes', problem: null }]);
  });

  it.each([
    ['all of it arrived', 2, { state: 'sent', problem: null }],
    ['a part of it arrived', 1, { state: 'queued', problemReason: { code: 'partlySent' } }],
    ['nothing of it arrived', 0, { state: 'queued', problemReason: { code: 'stoppedNotFound' } }],
  ])('are settled after a crash if %s', async (_, arrived, expected) => {
    const id = await write('x'.repeat(1500));
    await desk.intake.apply([{ op: 'begin-sending', id, at: Date.now() }]);
    const parts = ['x'.repeat(1000), 'x'.repeat(500)];
    // What the program had stored before it stopped.
    await new OwnSends(desk.context).begin(
      id,
      'u2i-1',
      parts.map((one) => markOf('text', one)),
    );
    for (const text of parts.slice(0, arrived)) server.add('u2i-1', { author_id: server.account, content: { text } });
    await restart();
    expect(await desk.send(connector, id)).toMatchObject(expected);
    expect(server.messages).toEqual([]);
    await restart();
    expect(await ours()).toMatchObject([{ id, text: 'x'.repeat(1500) }]);
  });

  it('are sent after a crash that came before them', async () => {
    const id = await write('yes');
    await desk.intake.apply([{ op: 'begin-sending', id, at: Date.now() }]);
    await desk.send(connector, id);
    expect(await desk.send(connector, id)).toMatchObject({ state: 'sent' });
    expect(server.messages).toHaveLength(1);
  });

  it('are sent once again if a human says so', async () => {
    server.next.push({ status: 500, body: '' });
    const id = await write('yes');
    await desk.send(connector, id);
    await desk.intake.apply([{ op: 'resend', id, expiresAt: Date.now() + 3_600_000, at: Date.now() }]);
    desk.ahead = later;
    expect(await desk.send(connector, id)).toMatchObject({ state: 'sent', problem: null });
    expect(server.messages).toHaveLength(1);
  });
});
