import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AvitoConfig } from '../../../src/connectors/avito/schema.ts';
import type { Connector } from '../../../src/connectors/contract.ts';
import type { AvitoServer } from '../../support/avito-server.ts';
import { MessengerStore, receiverOf } from '../../support/messenger-store.ts';
import { untilTrue } from '../contract-bench.ts';
import { connect, hook, listening } from './bench.ts';

const now = Math.floor(Date.now() / 1000);
const day = 86_400;

describe('what no webhook reported', () => {
  let server: AvitoServer;
  let desk: MessengerStore;
  let connector: Connector;

  beforeEach(async () => {
    server = await listening();
    server.addChat('u2i-1');
    desk = await MessengerStore.open('shop');
    desk.context.cursors.set('updates', String(now - 600));
  });

  afterEach(async () => {
    await connector.stop();
    await server.close();
    await desk.close();
  });

  const write = (n: number, more: object = {}, chat = 'u2i-1') =>
    server.add(chat, { created: now - 500 + n, content: { text: `text ${n}` }, ...more });
  /** Starts a connection as after a restart, and waits until it has read everything. */
  async function restart(more: Partial<AvitoConfig> = {}): Promise<void> {
    desk.context.states.length = 0;
    connector = connect(server, desk.context, more);
    await connector.start();
    await untilTrue(() => desk.context.states.at(-1) === 'ready');
  }
  const texts = async () => (await desk.interactions()).map(({ text }) => text);
  const history = () => server.asked.filter(({ path }) => path.endsWith('/messages/'));

  it.each([false, true])('is read in the order of writing, with its conversation (bare list: %s)', async (isBare) => {
    server.isBare = isBare;
    for (const n of [1, 2, 3]) write(n);
    write(4, { author_id: server.account });
    write(5, { quote: { id: 'm000001', type: 'text', content: {} } });
    await restart();
    expect(await texts()).toEqual([1, 2, 3, 4, 5].map((n) => `text ${n}`));
    const [first, , third, answer, quoting] = await desk.interactions();
    expect(first).toMatchObject({ party: { name: 'Ivan' }, attribution: { campaign: 'Mazda 3 2008' } });
    expect(third?.answeredAt).not.toBeNull();
    expect(answer).toMatchObject({ direction: 'outbound', state: 'sent' });
    expect(quoting?.causedBy).toBe(first?.id);
    expect(desk.context.cursors.get('updates')).toBe(String(now - 495));
  });

  it('is read completely, page by page, and each message once', async () => {
    for (let n = 0; n < 230; n += 1) write(n);
    for (let n = 0; n < 120; n += 1) {
      server.addChat(`u2i-many-${n}`, { client: 100 + n });
      write(n, { author_id: 100 + n }, `u2i-many-${n}`);
    }
    await restart();
    expect(new Set(await texts()).size).toBe(230);
    expect(await desk.store.read.interactions({ limit: 500, cursor: null })).toMatchObject({
      items: { length: 350 },
    });
    await connector.stop();
    await restart();
    const { items } = await desk.store.read.interactions({ limit: 500, cursor: null });
    expect(items.every(({ revision }) => revision === 1)).toBe(true);
    expect(items).toHaveLength(350);
  });

  it('is read again until it is stored', async () => {
    for (const n of [1, 2, 3]) write(n);
    desk.failing = 2;
    await restart();
    expect(desk.failing).toBe(0);
    expect(await texts()).toEqual(['text 1', 'text 2', 'text 3']);
  });

  it('is what was written since the first start, or since the day of the setting', async () => {
    desk.context.cursors.clear();
    write(1, { created: now - 3 * day });
    write(2, { created: now - day });
    await restart();
    expect(await texts()).toEqual([]);
    await connector.stop();
    desk.context.cursors.clear();
    await restart({ since: new Date((now - 2 * day) * 1000).toISOString().slice(0, 10) });
    expect(await texts()).toEqual(['text 2']);
  });

  it('is the same as what a webhook brings', async () => {
    const message = write(1);
    connector = connect(server, desk.context);
    await receiverOf(connector).receive(hook(server.reports('u2i-1', message), 'shop'));
    await restart();
    expect(await desk.interactions()).toMatchObject([{ text: 'text 1', revision: 1 }]);
  });

  it('is fetched only from conversations that have changed, also by polling', async () => {
    write(1);
    server.addChat('u2i-old', { updated: now - day });
    await restart({ mode: 'polling' });
    expect(history()).toHaveLength(1);
    write(2);
    await connector.stop();
    await restart({ mode: 'polling' });
    expect(await texts()).toEqual(['text 1', 'text 2']);
    expect(history().every(({ path }) => path.includes('u2i-1'))).toBe(true);
  });

  it('includes deletions, and is not held up by a conversation that cannot be read', async () => {
    const message = write(1);
    await restart();
    message.type = 'deleted';
    message.content = {};
    write(2);
    server.addChat('u2i-gone', { client: 44, updated: now });
    server.unreadable.add('u2i-gone');
    await connector.stop();
    await restart();
    expect(await desk.interactions()).toMatchObject([
      { text: 'text 1', deletedAt: expect.any(String) },
      { text: 'text 2', deletedAt: null },
    ]);
  });

  it('is read even if Avito refuses the address of the webhook, whose secret is not logged', async () => {
    write(1);
    server.refusesHooks = true;
    connector = connect(server, desk.context);
    await connector.start();
    await untilTrue(() => desk.context.states.some((state) => state.startsWith('failed: Avito refused')));
    expect(await texts()).toEqual(['text 1']);
    expect(JSON.stringify(desk.context.stateReasons)).not.toMatch(/secret=[0-9a-f]/);
  });

  it('is not lost if a file is away: the cursor stays', async () => {
    const voice = { type: 'voice', content: { voice: { voice_id: 'v1' } } };
    server.voices.set('v1', 'a.mp4');
    server.files.set('a.mp4', Buffer.from('opus'));
    server.failFiles = 2;
    write(1, voice);
    await restart();
    expect(desk.context.cursors.get('updates')).toBe(String(now - 499));
    expect(await desk.interactions()).toMatchObject([{ attachments: [{ name: 'voice.mp4' }] }]);
  });
});
