import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Interaction } from '../../src/domain/interaction/interaction.ts';
import { outboundKey } from '../../src/domain/outbound/outbound.ts';
import { type Office, openOffice } from '../support/office.ts';
import { letter } from '../support/written.ts';

describe('POST /messages', () => {
  let office: Office;

  beforeEach(async () => {
    office = await openOffice({
      sending: () => [
        { connection: 'bot', channel: 'message', to: 'account', lines: [] },
        { connection: 'mail', channel: 'email', to: 'email', lines: ['sales'] },
      ],
    });
  });

  afterEach(() => office.close());

  const store = () => office.store.read;
  const post = (body: object) => office.call('POST', '/api/v1/messages', body);

  it('stores a first letter for the connection that can send it', async () => {
    const answer = await post({ manager: 'm1', to: 'Ivan@Example.com', subject: 'Pumps', text: 'Ten', key: 'k' });
    expect(answer.status).toBe(202);
    const interaction = (await answer.json()) as Interaction;
    expect(interaction).toMatchObject({
      channel: 'email',
      state: 'queued',
      handledBy: { id: 'm1' },
      party: { email: 'ivan@example.com' },
    });
    expect(await office.store.read.outboundDue('mail', Date.now() + 1000, 10)).toHaveLength(1);
    const again = (await (
      await post({ manager: 'm1', to: 'ivan@example.com', text: 'Ten', key: 'k' })
    ).json()) as Interaction;
    expect(again.id).toBe(interaction.id);
  });

  it('answers an interaction through its channel, with the data that the connector needs', async () => {
    await office.intake.emit(letter('1'));
    const [asked] = (await office.store.read.interactions({ limit: 1, cursor: null })).items;
    const answer = await post({ manager: 'm1', interaction: asked?.id, text: 'Ten' });
    expect(await answer.json()).toMatchObject({ channel: 'email', causedBy: asked?.id, thread: asked?.thread });
    const thread = await office.call('GET', `/api/v1/interactions?thread=${encodeURIComponent(asked?.thread ?? '')}`);
    expect(((await thread.json()) as { items: unknown[] }).items).toHaveLength(2);
    const [due] = await office.store.read.outboundDue('mail', Date.now() + 1000, 10);
    expect(due?.content).toMatchObject({ replyTo: { messageId: '1' }, to: { email: 'ivan@example.com' } });
  });

  it('quotes a message by its messenger, if it is the client’s and the messenger can', async () => {
    const of = (kind: string) => ({ kind, connection: 'bot', id: '42', username: null });
    const from = (kind: string) => ({ phone: null, email: null, account: of(kind), name: 'Ivan' });
    const chat = { channel: 'message', connection: 'bot', line: null, handle: { chat: '42', message: '7' } } as const;
    await office.intake.emit(letter('1', { ...chat, party: from('viber') }));
    await office.intake.emit(letter('2', { ...chat, party: from('telegram'), direction: 'outbound', state: 'sent' }));
    await office.intake.emit(letter('3', { ...chat, party: from('telegram') }));
    const { items } = await office.store.read.interactions({ limit: 3, cursor: null });
    const inbound = (kind: string) =>
      items.find(({ party, direction }) => party.account?.kind === kind && direction === 'inbound')?.id;
    const ours = items.find(({ direction }) => direction === 'outbound')?.id;
    for (const interaction of [inbound('viber'), ours])
      expect((await post({ manager: 'm1', interaction, text: 'Ten', quote: true })).status).toBe(422);
    expect((await post({ manager: 'm1', interaction: inbound('telegram'), text: 'Ten', quote: true })).status).toBe(
      202,
    );
    const due = await office.store.read.outboundDue('bot', Date.now() + 1000, 10);
    expect(due.map(({ content }) => [content.quote, content.replyTo?.message])).toEqual([[true, '7']]);
  });

  it('quotes the letter that a human answers, below the text that people see', async () => {
    const emitted = [letter('1'), letter('2')].map((one) => office.intake.emit(one));
    await Promise.all(emitted);
    const { items } = await office.store.read.interactions({ limit: 2, cursor: null });
    const answer = await post({ manager: 'm1', interaction: items[0]?.id, text: 'Ten' });
    expect(await answer.json()).toMatchObject({ text: 'Ten' });
    await post({ manager: 'm1', interaction: items[1]?.id, text: 'We got it', automatic: true });
    const due = await office.store.read.outboundDue('mail', Date.now() + 1000, 10);
    expect(due.map(({ content }) => content.earlier)).toEqual([
      { how: 'quoted', head: expect.stringMatching(/Ivan <ivan@example.com>/), text: 'How much?' },
      undefined,
    ]);
  });

  it('forwards a letter with its stored files, which anybody who gets it can read here', async () => {
    const { id: blob } = await office.blobs.put(Readable.from([Buffer.from('ten')]), 100);
    const file = { blob, name: 'price.pdf', mime: 'application/pdf', bytes: 3 };
    await office.intake.emit(letter('1', { attachments: [file] }));
    const [asked] = (await office.store.read.interactions({ limit: 1, cursor: null })).items;
    const sent = (await (
      await post({ manager: 'm1', forward: asked?.id, to: 'boss@our.example', text: '' })
    ).json()) as Interaction;
    expect(sent).toMatchObject({
      subject: 'Fwd: Pumps',
      causedBy: null,
      attachments: [{ name: 'price.pdf', bytes: 3 }],
    });
    expect(sent.text).toMatch(/^-------- .*\n.*ivan@example\.com[\s\S]*\n\nHow much\?\n?$/);
    const [due] = await office.store.read.outboundDue('mail', Date.now() + 1000, 10);
    expect(due?.content).toMatchObject({ attachments: [file], earlier: { how: 'forwarded' }, replyTo: null });
    expect(await (await office.call('GET', `/api/v1/attachments/${sent.attachments[0]?.id}`)).text()).toBe('ten');
    await office.blobs.remove(blob);
    const again = { manager: 'm1', forward: asked?.id, to: 'boss@our.example', text: 'x' };
    expect((await post(again)).status).toBe(409);
    expect((await post({ ...again, to: undefined, interaction: asked?.id })).status).toBe(422);
    expect((await post({ ...again, forward: '00000000-0000-7000-8000-000000000000' })).status).toBe(404);
  });

  it('keeps the formatting of a letter, cleaned, and shows it', async () => {
    const html = '<p><b>Ten</b> pumps</p><ul><li>one</li></ul><script>x()</script>';
    const answer = await post({ manager: 'm1', to: 'i@example.com', subject: 'x', html });
    expect(answer.status).toBe(202);
    const sent = (await answer.json()) as Interaction;
    expect(sent).toMatchObject({ text: 'Ten pumps\n\none', html: { styled: true, remoteImages: false } });
    const page = await (await office.call('GET', `/api/v1/interactions/${sent.id}/html`)).text();
    expect(page).toContain('<body><p><b>Ten</b> pumps</p><ul><li>one</li></ul></body>');
    const [due] = await office.store.read.outboundDue('mail', Date.now() + 1000, 10);
    expect(due?.content.formatted).toMatchObject({ mime: 'text/html' });
    const given = await post({ manager: 'm1', to: 'i@example.com', html, text: 'Ten' });
    expect(await given.json()).toMatchObject({ text: 'Ten' });
  });

  it('shows the copy in Sent of a letter with formatting, once it is read', async () => {
    const html = '<p>Ten</p>';
    const sent = (await (await post({ manager: 'm1', to: 'i@example.com', html })).json()) as Interaction;
    const content = [Buffer.from('<div><p>Ten</p></div><div>-- <br>Anna</div>')];
    const { id: blob } = await office.blobs.put(Readable.from(content), 1000);
    const body = { blob, mime: 'text/html', quotedAt: null, remoteImages: false, inline: [] } as const;
    const copy = { direction: 'outbound', state: 'sent', aliases: [outboundKey(sent.id)], body } as const;
    const before = (await office.store.read.letterBody(sent.id))?.blob;
    await office.intake.emit(letter('copy', copy));
    expect(await office.store.read.letterBody(sent.id)).toMatchObject({ blob });
    expect(await office.store.read.looseBlobs('', 10)).toEqual([before]);
    await office.intake.emit(letter('copy', copy));
    expect(await office.store.read.letterBody(sent.id)).toMatchObject({ blob });
  });

  it('refuses formatting in messages, and HTML that is nested too deeply', async () => {
    const account = { kind: 'telegram', connection: 'bot', id: '42', username: null };
    const party = { phone: null, email: null, account, name: 'Ivan' };
    const chat = { channel: 'message', connection: 'bot', line: null, handle: { chat: '42' } } as const;
    await office.intake.emit(letter('1', { ...chat, party }));
    const [asked] = (await office.store.read.interactions({ limit: 1, cursor: null })).items;
    const refused = await post({ manager: 'm1', interaction: asked?.id, html: '<p>x</p>' });
    expect([refused.status, await refused.json()]).toMatchObject([422, { errors: [{ path: '/html' }] }]);
    const deep = await post({ manager: 'm1', to: 'i@example.com', html: '<b>'.repeat(600) });
    expect(deep.status).toBe(422);
    expect((await post({ manager: 'm1', to: 'i@example.com' })).status).toBe(422);
  });

  it('sends copies of letters, and shows to whom', async () => {
    await office.call('PUT', '/api/v1/clients/c9', {
      name: 'Zavod',
      identifiers: [{ kind: 'email', value: 'buh@zavod.example' }],
    });
    const letter = { manager: 'm1', to: 'i@example.com', text: 'x' };
    const answer = await post({ ...letter, cc: ['Buh@zavod.example', 'buh@zavod.example'], bcc: ['boss@our.example'] });
    expect(((await answer.json()) as Interaction).participants).toMatchObject([
      { email: 'buh@zavod.example', client: { id: 'c9' } },
      { email: 'boss@our.example', client: null },
    ]);
    const [due] = await office.store.read.outboundDue('mail', Date.now() + 1000, 10);
    expect(due?.content).toMatchObject({ cc: ['buh@zavod.example'], bcc: ['boss@our.example'] });
    const bad = await post({ ...letter, cc: ['nobody'] });
    expect([bad.status, await bad.json()]).toMatchObject([422, { errors: [{ path: '/cc/0' }] }]);
  });

  it('postpones a message, takes it back, or sends it at once', async () => {
    const letter = { manager: 'm1', to: 'i@example.com', text: 'x' };
    const send = async (more: object) => {
      const answer = await post({ ...letter, ...more });
      expect(answer.status).toBe(202);
      return (await answer.json()) as Interaction;
    };
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
    const postponed = await send({ sendAt: tomorrow });
    expect(Date.parse(postponed.sendAt ?? '')).toBe(Date.parse(tomorrow));
    expect((await send({ sendAt: '2001-01-01T00:00:00Z' })).sendAt).toBeNull();
    const held = await send({ undo: true });
    expect(Date.parse(held.sendAt ?? '')).toBeGreaterThan(Date.now());
    expect(await store().outboundDue('mail', Date.now(), 10)).toHaveLength(1);
    const late = await post({ ...letter, sendAt: new Date(Date.now() + 91 * 86_400_000).toISOString() });
    expect([late.status, await late.json()]).toMatchObject([422, { errors: [{ path: '/sendAt' }] }]);

    const act = (id: string, what: string) => office.call('POST', `/api/v1/messages/${id}/${what}`);
    const taken = await act(held.id, 'cancel');
    expect([taken.status, await taken.json()]).toMatchObject([
      200,
      { state: 'failed', problemReason: { code: 'takenBack' } },
    ]);
    expect((await act(held.id, 'cancel')).status).toBe(409);
    expect(await (await act(postponed.id, 'send-now')).json()).toMatchObject({ state: 'queued', sendAt: null });
    expect(await store().outboundDue('mail', Date.now() + 1000, 10)).toHaveLength(2);
  });

  it('stores attachments before it responds, and returns them', async () => {
    const file = { name: 'цена.txt', mime: 'text/plain', content: Buffer.from('ten').toString('base64') };
    const interaction = (await (
      await post({ manager: 'm1', to: 'i@example.com', text: 'x', attachments: [file] })
    ).json()) as Interaction;
    const [kept] = interaction.attachments;
    expect(kept).toMatchObject({ name: 'цена.txt', mime: 'text/plain', bytes: 3 });
    const download = await office.call('GET', `/api/v1/attachments/${kept?.id}`);
    expect(download.headers.get('content-disposition')).toContain('attachment; filename*=UTF-8');
    expect(await download.text()).toBe('ten');
  });

  it('lets programs answer only humans, and each address at most three times a day', async () => {
    await office.intake.emit(letter('1'));
    await office.intake.emit(letter('2', { automatic: 'auto_reply' }));
    const { items } = await office.store.read.interactions({ limit: 2, cursor: null });
    const ofHuman = items.find((one) => one.automatic === null)?.id;
    const ofProgram = items.find((one) => one.automatic !== null)?.id;
    const answer = (interaction?: string) => post({ manager: 'm1', interaction, text: 'We got it', automatic: true });
    expect((await answer(ofProgram)).status).toBe(409);
    expect(await (await answer(ofHuman)).json()).toMatchObject({ automatic: 'auto_reply' });
    expect((await answer(ofHuman)).status).toBe(202);
    expect((await answer(ofHuman)).status).toBe(202);
    expect((await answer(ofHuman)).status).toBe(429);
    expect((await post({ manager: 'm1', interaction: ofProgram, text: 'A human may' })).status).toBe(202);
  });

  it.each([
    [{ text: 'x' }, 422],
    [{ manager: 'm1', to: 'nobody', text: 'x' }, 422],
    [{ manager: 'm9', to: 'i@example.com', text: 'x' }, 422],
    [{ manager: 'm1', to: '+79161234567', text: 'x' }, 422],
    [{ manager: 'm1', to: 'i@example.com', text: 'x', connection: 'pbx' }, 422],
    [{ manager: 'm1', interaction: '00000000-0000-7000-8000-000000000000', text: 'x' }, 404],
  ])('refuses %j with %i', async (body, status) => {
    expect((await post(body)).status).toBe(status);
  });

  it('lets operators write only as themselves', async () => {
    const cookie = await office.login('anna');
    const body = JSON.stringify({ manager: 'm2', to: 'i@example.com', text: 'x' });
    const headers = { cookie, 'content-type': 'application/json', origin: office.url };
    const answer = await fetch(`${office.url}/api/v1/messages`, { method: 'POST', headers, body });
    expect(answer.status).toBe(403);
  });
});

describe('webhooks', () => {
  it('passes the body on unchanged and returns the connector’s response', async () => {
    const seen: { method: string; query: object; body: string }[] = [];
    const receive = async ({ method, query, body }: { method: string; query: object; body: Buffer }) => {
      seen.push({ method, query, body: String(body) });
      return { status: 200, body: 'ok' };
    };
    const office = await openOffice({ hookReceiver: (name) => (name === 'bot' ? { receive } : null) });
    const url = `${office.url}/api/v1/hooks/bot?a=1&a=2`;
    const headers = { 'content-type': 'application/json' };
    expect(await (await fetch(url, { method: 'POST', headers, body: '{ "a": 1 }' })).text()).toBe('ok');
    expect((await fetch(url)).status).toBe(200);
    expect(seen).toEqual([
      { method: 'POST', query: { a: '2' }, body: '{ "a": 1 }' },
      { method: 'GET', query: { a: '2' }, body: '' },
    ]);
    expect((await fetch(`${office.url}/api/v1/hooks/other`, { method: 'POST', body: 'x' })).status).toBe(404);
    await office.close();
  });
});
