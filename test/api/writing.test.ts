import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Interaction } from '../../src/domain/interaction/interaction.ts';
import type { MessageTemplate } from '../../src/domain/outbound/template.ts';
import { reason } from '../../src/domain/reasons/reasons.ts';
import { ServiceError } from '../../src/runtime/http/service-error.ts';
import { type Office, openOffice } from '../support/office.ts';
import { letter } from '../support/written.ts';

const hour = 3_600_000;
const phone = '+79161234567';
const order: MessageTemplate = {
  name: 'order',
  language: 'ru',
  category: 'UTILITY',
  isNamed: false,
  header: null,
  body: '{{1}}, заказ {{2}} готов',
  footer: null,
  buttons: [{ kind: 'url', text: 'Открыть', url: 'https://shop.example/{{1}}' }],
  examples: { 'body.1': 'Иван' },
};
const bill: MessageTemplate = { ...order, name: 'bill', header: { kind: 'document' }, body: 'Счёт', buttons: [] };
const values = { 'body.1': 'Ольга', 'body.2': '77', 'button.0': 'o77' };

describe('writing by messengers', () => {
  let office: Office;
  let listed: { connection: string; isFresh: boolean }[];
  let fresh: readonly MessageTemplate[];
  let trouble: ServiceError | null;

  beforeEach(async () => {
    listed = [];
    fresh = [];
    trouble = null;
    const window = { hours: 24, after: ['templates'] } as const;
    const bot = { channel: 'message', to: 'account', lines: [] } as const;
    office = await openOffice({
      sending: () => [
        { connection: 'pbx', channel: 'call', to: 'phone', lines: [] },
        { connection: 'mail', channel: 'email', to: 'email', lines: [] },
        { connection: 'wa', channel: 'message', to: 'phone', lines: [], provider: 'WhatsApp', window },
        { connection: 'wa2', channel: 'message', to: 'phone', lines: [], window: { hours: 24, after: ['wraps'] } },
        { connection: 'bot', ...bot, unreached: reason('botNotStarted', { provider: 'Telegram' }) },
      ],
      templates: (connection, isFresh) => {
        if (connection !== 'wa') return null;
        listed.push({ connection, isFresh });
        if (trouble !== null) return Promise.reject(trouble);
        return Promise.resolve({ items: isFresh ? [order, bill, ...fresh] : [order, bill], readAt: 0 });
      },
    });
  });

  afterEach(() => office.close());

  const post = (body: object) => office.call('POST', '/api/v1/messages', { manager: 'm1', text: '', ...body });
  const read = async (answer: Response) => (await answer.json()) as Record<string, never>;
  const sent = async (body: object) => (await (await post(body)).json()) as Interaction;
  const due = async () => (await office.store.read.outboundDue('wa', Date.now() + 100 * hour, 10)).at(-1);
  const account = { kind: 'whatsapp', connection: 'wa', id: '79161234567', username: null } as const;
  const chat = {
    channel: 'message',
    connection: 'wa',
    line: null,
    subject: null,
    thread: 'wa:79161234567',
    handle: { to: '79161234567', message: 'wamid.1' },
    party: { phone, email: null, account, name: 'Ivan' },
  } as const;
  /** A message of the client some time ago. */
  const came = async (ago: number, more: object = {}) => {
    await office.intake.emit(letter(`wamid.${ago}`, { ...chat, at: Date.now() - ago, ...more }));
    const { items } = await office.store.read.interactions({ limit: 1, cursor: null, thread: 'wa:79161234567' });
    return items[0]?.id ?? '';
  };
  const ways = async (id: string) => (await read(await office.call('GET', `/api/v1/interactions/${id}/ways`))).items;

  it('lists templates, and says why not', async () => {
    const answer = await office.call('GET', '/api/v1/templates?connection=wa&fresh=true');
    expect(await answer.json()).toEqual({ items: [order, bill], next: null });
    expect(listed).toEqual([{ connection: 'wa', isFresh: true }]);
    expect((await office.call('GET', '/api/v1/templates?connection=bot')).status).toBe(404);
    trouble = new ServiceError('access', reason('tokenInvalid', { provider: 'WhatsApp', said: null }));
    const refused = await office.call('GET', '/api/v1/templates?connection=wa');
    expect(refused.status).toBe(503);
    expect(await refused.json()).toMatchObject({ errors: [{ code: 'tokenInvalid' }] });
  });

  it('writes first by a template, and keeps the words of the client’s message', async () => {
    const template = { name: 'order', language: 'ru', values };
    const answer = await post({ to: phone, template });
    expect(answer.status).toBe(202);
    expect(await read(answer)).toMatchObject({
      channel: 'message',
      text: 'Ольга, заказ 77 готов\n\n[Открыть] https://shop.example/o77',
      party: { phone },
    });
    expect((await due())?.content.template).toEqual({
      name: 'order',
      language: 'ru',
      isNamed: false,
      header: null,
      headerValues: [],
      bodyValues: [
        { name: '1', value: 'Ольга' },
        { name: '2', value: '77' },
      ],
      buttonValues: [{ index: 0, kind: 'url', value: 'o77' }],
    });
  });

  it.each([
    [{ name: 'order', language: 'ru', values: { ...values, 'body.2': ' ' } }, '/template/values/body.2', 'missing'],
    [
      { name: 'order', language: 'ru', values: { ...values, 'body.2': 'a\nb' } },
      '/template/values/body.2',
      'lineBreak',
    ],
    [{ name: 'order', language: 'ru', values: { ...values, 'body.3': 'x' } }, '/template/values/body.3', 'unknown'],
    [
      { name: 'order', language: 'ru', values: { ...values, 'button.0': 'a b' } },
      '/template/values/button.0',
      'notAddress',
    ],
    [
      { name: 'order', language: 'ru', values: { ...values, 'body.1': 'x'.repeat(1024) } },
      '/template/values/body.1',
      'tooLong',
    ],
    [{ name: 'bill', language: 'ru' }, '/attachments', 'fileMissing'],
    [{ name: 'order', language: 'en' }, '/template/name', 'templateUnknown'],
  ])('refuses a template that WhatsApp would refuse: %#', async (template, path, code) => {
    const refused = await post({ to: phone, template });
    expect(refused.status).toBe(422);
    expect(await refused.json()).toMatchObject({ errors: [{ path, code }] });
    expect(await due()).toBeUndefined();
  });

  it('refuses a template with text, with a file it does not take, and where there are none', async () => {
    const template = { name: 'order', language: 'ru', values };
    const file = { name: 'a.pdf', mime: 'application/pdf', content: 'YQ==' };
    expect((await post({ to: phone, template, text: 'x' })).status).toBe(422);
    expect((await post({ to: phone, template, attachments: [file] })).status).toBe(422);
    expect((await post({ to: phone, template, connection: 'wa2' })).status).toBe(422);
    expect((await post({ to: 'i@example.com', template })).status).toBe(422);
    expect((await post({ to: phone, template: { name: 'bill', language: 'ru' }, attachments: [file] })).status).toBe(
      202,
    );
    expect((await due())?.content).toMatchObject({
      template: { header: 'document' },
      attachments: [{ name: 'a.pdf' }],
    });
  });

  it('looks for a new template at the service', async () => {
    fresh = [{ ...order, name: 'new' }];
    expect((await post({ to: phone, template: { name: 'new', language: 'ru', values } })).status).toBe(202);
    expect(listed.map(({ isFresh }) => isFresh)).toEqual([false, true]);
  });

  it('takes free text within 24 hours after the client’s last message only', async () => {
    const interaction = await came(23 * hour);
    expect((await post({ interaction, text: 'x' })).status).toBe(202);
    expect((await post({ to: phone, connection: 'wa', text: 'x' })).status).toBe(202);
    const later = new Date(Date.now() + 2 * hour).toISOString();
    const late = await post({ interaction, text: 'x', sendAt: later });
    expect(late.status).toBe(409);
    const { errors } = await read(late);
    expect(errors).toMatchObject([
      { path: '/text', code: 'windowClosed', message: expect.stringContaining('template') },
    ]);
    office.clock.shift(2 * hour);
    expect((await post({ interaction, text: 'x' })).status).toBe(409);
    expect((await post({ interaction, template: { name: 'order', language: 'ru', values } })).status).toBe(202);
    // This connection wraps free text in a template of its own.
    expect((await post({ to: phone, connection: 'wa2', text: 'x' })).status).toBe(202);
  });

  it('does not take a notice of the messenger, or another connection’s message, for the client’s', async () => {
    const interaction = await came(25 * hour);
    await came(hour, { automatic: 'notice' });
    await came(2 * hour, { connection: 'wa3', party: { ...chat.party, account: { ...account, connection: 'wa3' } } });
    expect((await post({ interaction, text: 'x' })).status).toBe(409);
  });

  it('does not send failed free text again after the window', async () => {
    const interaction = await came(23 * hour);
    const { id } = await sent({ interaction, text: 'x' });
    const failed = reason('notDelivered', { provider: 'WhatsApp', said: null });
    await office.intake.apply([
      { op: 'begin-sending', id, at: Date.now() },
      { op: 'end-sending', id, outcome: { kind: 'failed', reason: failed }, at: Date.now() },
    ]);
    office.clock.shift(2 * hour);
    const again = await office.call('POST', `/api/v1/messages/${id}/resend`);
    expect(again.status).toBe(409);
    expect(await again.json()).toMatchObject({ errors: [{ code: 'windowClosed' }] });
  });

  it('names the ways to write to a client, and why others do not work', async () => {
    const identifiers = [phone, '+74951112233'].map((value) => ({ kind: 'phone', value }));
    await office.call('PUT', '/api/v1/clients/c1', { name: 'Romashka', identifiers });
    const id = await came(hour);
    const until = new Date(Date.parse((await office.store.read.interaction(id as never))?.startedAt ?? '') + 24 * hour);
    const none = { interaction: null, thread: null, until: null };
    expect(await ways(id)).toEqual([
      {
        connection: 'wa',
        provider: 'WhatsApp',
        to: phone,
        phone,
        interaction: id,
        thread: 'wa:79161234567',
        takes: 'text',
        templates: true,
        until: until.toISOString(),
        problem: null,
        problemReason: null,
      },
      expect.objectContaining({ connection: 'wa', ...none, phone: '+74951112233', takes: 'template', templates: true }),
      expect.objectContaining({ connection: 'wa2', ...none, phone, takes: 'text', templates: false }),
      expect.objectContaining({ connection: 'wa2', ...none, phone: '+74951112233', takes: 'text' }),
      expect.objectContaining({ connection: 'bot', ...none, to: null, takes: 'nothing' }),
    ]);
    expect((await ways(id)) as unknown).toContainEqual(
      expect.objectContaining({
        problem: 'Telegram lets a bot write only to people who have started it',
        problemReason: reason('botNotStarted', { provider: 'Telegram' }),
      }),
    );
    office.clock.shift(24 * hour);
    expect((await ways(id)) as unknown).toContainEqual(
      expect.objectContaining({
        interaction: id,
        takes: 'template',
        until: null,
        problemReason: { code: 'windowClosed', values: { provider: 'WhatsApp' } },
      }),
    );
  });

  it('offers the account that a client once wrote from, and tells what it last refused', async () => {
    const party = {
      phone: null,
      email: null,
      account: { kind: 'telegram', connection: 'bot', id: '42', username: 'ivan' },
      name: 'Ivan',
    };
    const own = { connection: 'bot', thread: 'bot:42', party, handle: { chat: '42' } };
    await office.intake.emit(letter('7', { ...chat, ...own, at: Date.now() - 1000 }));
    const [asked] = (await office.store.read.interactions({ limit: 1, cursor: null })).items;
    const way = async () =>
      ((await ways(asked?.id ?? '')) as unknown as { connection: string }[]).find(
        ({ connection }) => connection === 'bot',
      );
    expect(await way()).toMatchObject({ to: '@ivan', interaction: asked?.id, takes: 'text', problem: null });
    const { id } = await sent({ interaction: asked?.id, text: 'x' });
    const blocked = reason('blockedUs', { provider: 'Telegram', said: null });
    await office.intake.apply([
      { op: 'begin-sending', id, at: Date.now() },
      { op: 'end-sending', id, outcome: { kind: 'failed', reason: blocked }, at: Date.now() },
    ]);
    expect(await way()).toMatchObject({ interaction: asked?.id, takes: 'text', problemReason: { code: 'blockedUs' } });
  });
});
