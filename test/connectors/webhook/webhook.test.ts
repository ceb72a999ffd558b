import { Webhook } from 'standardwebhooks';
import { Value } from 'typebox/value';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Connector } from '../../../src/connectors/contract.ts';
import { webhook } from '../../../src/connectors/webhook/connector.ts';
import { type WebhookConfig, WebhookSchema } from '../../../src/connectors/webhook/schema.ts';
import type { HookRequest } from '../../../src/domain/ports/hooks.ts';
import { MessengerStore, receiverOf } from '../../support/messenger-store.ts';
import { type Answered, type Asked, json, ScriptedService } from '../../support/scripted-service.ts';
import { describeMessenger } from '../contract.ts';
import { untilTrue } from '../contract-bench.ts';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

/** A receiver as docs/webhook-connector.md describes it: it verifies signatures and takes each id once. */
class Receiver extends ScriptedService {
  readonly files = new Map<string, Buffer>();
  readonly taken = new Map<string, { text: string; files: readonly unknown[]; to: { id: string } }>();
  root = '';

  constructor() {
    super((asked) => this.#take(asked));
  }

  #take({ path, headers, body }: Asked): Answered {
    const file = this.files.get(path);
    if (file !== undefined) return { body: file };
    const message = new Webhook(secret).verify(body.toString('utf8'), headers as Record<string, string>) as never;
    const id = String(headers['webhook-id']);
    if (!this.taken.has(id)) this.taken.set(id, message);
    return json({ id: `theirs-${[...this.taken.keys()].indexOf(id)}` });
  }
}

function config({ root }: Receiver, more: Partial<WebhookConfig> = {}): WebhookConfig {
  const given = { kind: 'webhook', secret, account: 'odno', url: root, allowNetworks: ['loopback'] };
  return Value.Default(WebhookSchema, { ...given, ...more }) as WebhookConfig;
}

const at = '2026-11-24T09:00:00Z';
const message = (n: number, more: object = {}) => ({ type: 'message', id: `m${n}`, from: { id: '42' }, at, ...more });

function hook(given: Buffer | object, { key = secret, age = 0 } = {}): HookRequest {
  const body = Buffer.isBuffer(given) ? given : Buffer.from(JSON.stringify(given));
  const now = new Date(Date.now() - age);
  const headers = {
    'webhook-id': 'msg_1',
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': `v1,bm9uZQ== ${new Webhook(key).sign('msg_1', now, body.toString('utf8'))}`,
  };
  return { method: 'POST', query: {}, headers, body };
}

async function listening(isSecure = false): Promise<Receiver> {
  const server = new Receiver();
  server.root = await server.listen(isSecure);
  return server;
}

describeMessenger('webhook', async (isSecure) => {
  const server = await listening(isSecure);
  const written = (n: number, second: number) => new Date(Date.parse(at) + second * 1000 + n).toISOString();
  return {
    service: server,
    looks: false,
    create: (context, reach) => webhook.create(config(server, reach), context),
    brings: (n, text, second = n) => hook(message(n, { text, at: written(n, second) })),
    withFile: (n, text, file) => {
      server.files.set('/a.pdf', file);
      return hook(message(n, { text, files: [{ url: `${server.root}/a.pdf` }] }));
    },
    signed: (body) => hook(body),
    forged: (request) => [
      hook(request.body, { key: 'whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }),
      hook(request.body, { age: 400_000 }),
      hook(request.body, { age: -400_000 }),
      { ...request, headers: {} },
      { ...request, headers: { ...request.headers, 'webhook-id': 'msg_2' } },
      { ...request, body: Buffer.concat([request.body, Buffer.from(' ')]) },
      { ...request, method: 'GET' },
    ],
    busy: (seconds) => ({ status: 429, headers: { 'retry-after': String(seconds) } }),
    recognises: true,
    longest: Number.POSITIVE_INFINITY,
    sent: () => [...server.taken.values()].map(({ text }) => text),
    close: () => server.close(),
  };
});

describe('webhook', () => {
  let server: Receiver;
  let desk: MessengerStore;
  let connector: Connector;

  beforeEach(async () => {
    server = await listening();
    desk = await MessengerStore.open('odno');
    connector = webhook.create(config(server), desk.context);
  });

  afterEach(async () => {
    await connector.stop();
    await server.close();
    await desk.close();
  });

  const take = (event: object) => receiverOf(connector).receive(hook(event));

  it('reports what is wrong with an event, and stores nothing of it', async () => {
    expect(await take({ type: 'wave' })).toEqual({ status: 422, body: '/type: expected "message" or "report"' });
    expect((await take({ type: 'message', id: 'm1' })).body).toMatch(/from/);
    expect((await take(message(1, { at: 'yesterday' }))).body).toMatch(/^\/at: /);
    expect(desk.context.events).toEqual([]);
  });

  it.each(['1989-12-31T23:59:59Z', '2999-01-01T00:00:00Z', '9999-99-99T00:00:00Z', '0000-01-01T00:00:00Z'])(
    'uses the time of arrival if a message has the time %s',
    async (impossible) => {
      const before = Date.now();
      expect((await take(message(1, { text: 'x', at: impossible }))).status).toBe(200);
      const [kept] = await desk.interactions();
      expect(Date.parse(kept?.startedAt ?? '')).toBeGreaterThanOrEqual(before);
      expect(Date.parse(kept?.startedAt ?? '')).toBeLessThanOrEqual(Date.now());
    },
  );

  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])('accepts a field named %s', async (name) => {
    const head = '"type":"message","id":"m1","text":"x","from":{"id":"42"}';
    const odd = Buffer.from(`{${head},"${name}":{"a":1},"attribution":{"source":"s","${name}":"x"}}`);
    expect((await receiverOf(connector).receive(hook(odd))).status).toBe(200);
    expect(await desk.interactions()).toMatchObject([{ text: 'x', attribution: { source: 's' } }]);
    expect((await take({ type: name })).status).toBe(422);
  });

  it('keeps files, identifiers, reply references, edits and messages of our own people', async () => {
    const cdn = new ScriptedService(() => ({ body: 'pdf' }));
    const url = `${await cdn.listen()}/a.pdf`;
    const from = { id: '42', name: 'Ivan', phone: '+79161234567', email: 'ivan@example.com' };
    await take(message(1, { from, text: 'look', files: [{ url, name: 'a.pdf', mime: 'application/pdf' }] }));
    await take(message(2, { text: 'ten', direction: 'outbound', answers: 'm1' }));
    await take(message(1, { from, text: 'look here', editedAt: '2026-11-24T09:01:00Z' }));
    await cdn.close();
    expect(await desk.interactions()).toMatchObject([
      {
        text: 'look here',
        attachments: [{ name: 'a.pdf', bytes: 3 }],
        party: { name: 'Ivan', phone: '+79161234567', email: 'ivan@example.com', account: { kind: 'odno', id: '42' } },
      },
      { direction: 'outbound', text: 'ten', state: 'sent' },
    ]);
  });

  it('always sends under the same id, with files inline, and processes reports', async () => {
    await take(message(1, { text: 'price?' }));
    const [asked] = await desk.interactions();
    const { id: blob, bytes } = await desk.context.blobs.put([Buffer.from('pdf')] as never, 100);
    const file = { blob, name: 'a.pdf', mime: 'application/pdf', bytes };
    const id = await desk.write('ten', { answers: asked?.id as never, attachments: [file] });
    await connector.start();
    server.next.push({ status: 500 });
    expect(await desk.send(connector, id)).toMatchObject({ state: 'queued' });
    await untilTrue(() => desk.context.states.some((state) => state.startsWith('degraded: odno answered HTTP 500')));
    expect(await desk.send(connector, id)).toMatchObject({ state: 'sent' });
    await untilTrue(() => desk.context.states.at(-1) === 'ready');
    expect(server.asked.map(({ headers }) => headers['webhook-id'])).toEqual([id, id]);
    expect(server.taken.get(id)).toMatchObject({
      to: { id: '42' },
      conversation: '42',
      answers: 'm1',
      files: [{ name: 'a.pdf', content: Buffer.from('pdf').toString('base64') }],
    });
    await take({ type: 'report', id: 'theirs-0', state: 'delivered' });
    expect(await desk.store.read.interaction(id)).toMatchObject({ state: 'delivered' });
    await take({ type: 'report', id, state: 'read' });
    expect(await desk.store.read.interaction(id)).toMatchObject({ state: 'read' });
  });

  it('only receives if it has no url', async () => {
    connector = webhook.create(config(server, { url: undefined as never }), desk.context);
    await take(message(1, { text: 'price?' }));
    const [asked] = await desk.interactions();
    const id = await desk.write('ten', { answers: asked?.id as never });
    expect(await desk.send(connector, id)).toMatchObject({
      state: 'failed',
      problem: expect.stringMatching(/no `url`/),
    });
  });
});
