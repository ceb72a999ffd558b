import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { stringify } from 'yaml';
import type { Interaction } from '../../src/domain/interaction/interaction.ts';
import { derivedSecret } from '../../src/runtime/secrets.ts';
import { AvitoServer } from '../support/avito-server.ts';
import { logIn, operator, seedStore } from '../support/desk-login.ts';
import { seededRandom } from '../support/random.ts';
import { TelegramServer } from '../support/telegram-server.ts';
import { queueUrl, storeUrl } from '../support/test-store.ts';
import { VkServer } from '../support/vk-server.ts';
import { Gateway } from './crash/gateway.ts';
import { freeTcpPort } from './lab/ports.ts';

const kills = Number(process.env.PATCHBAY_TEST_KILLS ?? 20);
const perKill = 6;
const patient = { timeout: 60_000, interval: 50 };

/** What an operator sends: words, a file, a file with words, or several files with words, which leave as several messages. */
const shapes = [
  { words: true, files: 0 },
  { words: false, files: 1 },
  { words: true, files: 1 },
  { words: true, files: 3 },
  { words: false, files: 4 },
] as const;

type Service = 'bot' | 'community' | 'shop';
const services: readonly Service[] = ['bot', 'community', 'shop'];

/**
 * The built gateway with scripted messengers: Telegram recognises no repeat, VK recognises each by its `random_id`, and Avito shows what
 * has arrived.
 */
describe('messages with files through kills of the gateway', () => {
  const random = seededRandom(20261130);
  const telegram = new TelegramServer();
  const vk = new VkServer();
  const avito = new AvitoServer();
  const arrived = () => telegram.messages.length + vk.messages.length + avito.messages.length;
  let directory: string;
  let url: string;
  let gateway: Gateway;
  let cookie: string;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'patchbay-messages-'));
    const database = storeUrl(join(directory, 'kill.db'));
    const httpPort = await freeTcpPort();
    url = `http://127.0.0.1:${httpPort}`;
    vk.root = await vk.listen();
    avito.root = await avito.listen();
    const connectors = {
      bot: { kind: 'telegram', token: telegram.token, api: await telegram.listen() },
      community: {
        kind: 'vk',
        group: '9',
        token: vk.token,
        secret: 'secret key',
        confirmation: 'c0nf',
        api: vk.root,
      },
      shop: { kind: 'avito', clientId: avito.clientId, clientSecret: avito.clientSecret, api: avito.root },
    };
    const config = join(directory, 'patchbay.yaml');
    const managers = [{ id: 'anna', name: 'Anna', extensions: ['101'] }];
    const store = { url: database };
    const blobs = { url: `file:${join(directory, 'blobs')}` };
    writeFileSync(
      config,
      stringify({
        http: { port: httpPort, publicUrl: 'https://desk.example' },
        ...{ store, blobs, queue: { url: queueUrl() }, managers, connectors },
      }),
    );
    await seedStore(database, [await operator('anna', 'anna')]);
    gateway = new Gateway({ config, url, log: join(directory, 'gateway.log') });
    gateway.start();
    await gateway.ready();
    cookie = await logIn(url, 'anna');
  }, 120_000);

  afterAll(async () => {
    await gateway?.stop();
    await Promise.all([telegram.close(), vk.close(), avito.close()]);
    rmSync(directory, { recursive: true, force: true });
  });

  async function api<T>(method: string, path: string, body?: object): Promise<T> {
    const answer = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { cookie, origin: url, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  async function asked(connection: string): Promise<Interaction> {
    return vi.waitFor(async () => {
      const { items } = await api<{ items: Interaction[] }>('GET', '/interactions?limit=200');
      const found = items.find((one) => one.direction === 'inbound' && one.line?.connection === connection);
      if (found === undefined) throw new Error(`nothing from ${connection} yet`);
      return found;
    }, patient);
  }

  /** Sends a message under a key of its own until it is accepted: a killed gateway is asked again, as the page does. */
  async function write(
    n: number,
    to: Interaction,
    { extension, mime } = { extension: 'txt', mime: 'text/plain' },
  ): Promise<{ readonly id: string; readonly marks: readonly string[] }> {
    const { words, files } = shapes[n % shapes.length] as (typeof shapes)[number];
    const mark = (part: string) => `message-${n}-${part}.`;
    const names = Array.from({ length: files }, (_, i) => mark(`file${i}`));
    const body = {
      interaction: to.id,
      text: words ? mark('words') : '',
      attachments: names.map((name) => ({
        name: `${name}${extension}`,
        mime,
        content: Buffer.from(name).toString('base64'),
      })),
      key: createHash('sha256').update(String(n)).digest('hex').slice(0, 32),
    };
    const { id } = await vi.waitFor(() => api<Interaction>('POST', '/messages', body), patient);
    return { id, marks: [...(words ? [mark('words')] : []), ...names] };
  }

  it('send every part at most once, and say of each message whether it left', { timeout: 600_000 }, async () => {
    const message = {
      message_id: 1,
      date: Math.floor(Date.now() / 1000),
      chat: { id: 42, type: 'private', first_name: 'Ivan' },
      from: { id: 42, is_bot: false, first_name: 'Ivan' },
      text: 'Hello?',
    };
    telegram.updates.push({ update_id: 1, message } as TelegramServer['updates'][number]);
    const called = await fetch(`${url}/api/v1/hooks/community`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        type: 'message_new',
        group_id: 9,
        event_id: 'e1',
        v: '5.199',
        secret: 'secret key',
        object: { message: { id: 1, date: message.date, peer_id: 43, from_id: 43, text: 'Hello?', attachments: [] } },
      }),
    });
    expect(await called.text()).toBe('ok');
    const secret = derivedSecret(avito.clientSecret, 'webhook shop');
    const reported = await fetch(`${url}/api/v1/hooks/shop?secret=${secret}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(avito.reports('u2i-1', avito.add('u2i-1', { content: { text: 'Hello?' } }))),
    });
    expect(reported.status).toBe(200);
    const clients = {
      bot: await asked('bot'),
      community: await asked('community'),
      shop: await asked('shop'),
    };
    const written: { readonly id: string; readonly marks: readonly string[]; readonly service: Service }[] = [];
    let serial = 0;
    for (let round = 0; round < kills; round += 1) {
      const begun = arrived();
      const writing = (async () => {
        for (let i = 0; i < perKill; i += 1, serial += 1) {
          const service = services[serial % services.length] as Service;
          const kind = service === 'shop' ? { extension: 'png', mime: 'image/png' } : undefined;
          written.push({ service, ...(await write(serial, clients[service], kind)) });
        }
      })();
      // The moment is chosen by what the services have received, so that it falls into the middle of sending.
      const after = begun + 1 + Math.floor(random() * perKill);
      await vi.waitFor(() => expect(arrived()).toBeGreaterThanOrEqual(after), {
        timeout: 60_000,
        interval: 1,
      });
      await gateway.kill();
      gateway.start();
      await gateway.ready();
      await writing;
    }
    const kept = await vi.waitFor(async () => {
      const all = await Promise.all(written.map(({ id }) => api<Interaction>('GET', `/interactions/${id}`)));
      const waiting = all.filter((one) => one.state === 'queued' && one.problem === null);
      expect(waiting.map(({ id }) => id)).toEqual([]);
      return all;
    }, patient);

    // Telegram and Avito get each part as a message of its own, and can't tell a repeat: a part may be missing only if a human is told.
    const parts = {
      bot: telegram.messages.map(({ text, file }) => `${text}\n${file ?? ''}`),
      shop: avito.messages.map(({ text, image }) => text ?? image ?? ''),
    };
    for (const { id, marks, service } of written) {
      if (service === 'community') continue;
      const counts = marks.map((mark) => parts[service].filter((part) => part.includes(mark)).length);
      const isSent = kept.find((one) => one.id === id)?.state === 'sent';
      expect([marks, counts.filter((n) => n > 1 || (isSent && n === 0))]).toEqual([marks, []]);
      // Avito shows what arrived, so nothing that arrived completely is left to a human.
      if (service === 'shop') expect([marks, isSent]).toEqual([marks, counts.every((n) => n === 1)]);
    }
    // Messages that Avito shows are those from the desk, not a colleague's.
    const { items } = await api<{ items: Interaction[] }>('GET', '/interactions?limit=200');
    const ids = new Set(written.map(({ id }) => id));
    expect(items.filter(({ direction, id }) => direction === 'outbound' && !ids.has(id))).toEqual([]);
    // VK gets all files with the words, and recognises a repeat: everything arrives once.
    const toVk = written.filter((one) => one.service === 'community');
    expect(toVk.map(({ id }) => kept.find((one) => one.id === id)?.state)).toEqual(toVk.map(() => 'sent'));
    const shape = (words: string, files: number) => `${words} with ${files} files`;
    expect(
      vk.messages.map((one) => shape(one.text, (one.attachment ?? '').split(',').filter(Boolean).length)).sort(),
    ).toEqual(toVk.map(({ marks }) => shape(...contentOf(marks))).sort());
    const uncertain = kept.filter((one) => one.state === 'queued').length;
    console.log(`${kills} kills, ${written.length} messages, ${uncertain} left to a human`);
    expect(uncertain).toBeGreaterThan(0);
  });
});

/** The words of a message, and the number of its files. */
function contentOf(marks: readonly string[]): readonly [string, number] {
  const words = marks.filter((mark) => mark.includes('words'));
  return [words.join(''), marks.length - words.length];
}
