import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Interaction } from '../../src/domain/interaction/interaction.ts';
import { manager, missedCall, type Office, openOffice, staff } from '../support/office.ts';

describe('POST /calls', () => {
  let office: Office;

  beforeEach(async () => {
    const elsewhere = { ...manager('m3', 'Olga', '301', null), extensions: ['other/301', 'pbx/302'] };
    const nowhere = { ...manager('m4', 'Ilya', '401', null), extensions: ['other/401'] };
    office = await openOffice({
      sending: () => [
        { connection: 'mail', channel: 'email', to: 'email', lines: [] },
        { connection: 'pbx', channel: 'call', to: 'phone', lines: [] },
      ],
      staff: () => ({ ...staff, managers: [...staff.managers, elsewhere, nowhere] }),
    });
  });

  afterEach(() => office.close());

  const post = (body: object) => office.call('POST', '/api/v1/calls', body);
  const due = () => office.store.read.outboundDue('pbx', Date.now() + 1000, 10);

  it('stores the request with its interaction before any phone rings, with an expiry of half a minute', async () => {
    const before = Date.now();
    const answer = await post({ manager: 'm1', phone: '8 (916) 123-45-67' });
    expect(answer.status).toBe(202);
    const interaction = (await answer.json()) as Interaction;
    expect(interaction).toMatchObject({
      channel: 'call',
      direction: 'outbound',
      state: 'queued',
      handledBy: { id: 'm1' },
      party: { phone: '+79161234567' },
      endedAt: null,
      text: null,
    });
    expect(answer.headers.get('location')).toBe(`/api/v1/interactions/${interaction.id}`);
    const [row] = await due();
    expect(row).toMatchObject({ id: interaction.id, channel: 'call', content: { manager: 'm1', extension: '101' } });
    expect((row?.expiresAt ?? 0) - before).toBeLessThan(31_000);
  });

  it('makes one call of a double click', async () => {
    const body = { manager: 'm1', phone: '+79161234567', key: 'click' };
    const clicks = await Promise.all([post(body), post(body)]);
    const [first, second] = (await Promise.all(clicks.map((one) => one.json()))) as Interaction[];
    expect(second?.id).toBe(first?.id);
    expect(await due()).toHaveLength(1);
  });

  it('rings the extension on the PBX that can originate calls', async () => {
    expect((await post({ manager: 'm3', phone: '+79161234567' })).status).toBe(202);
    expect((await due())[0]?.content.extension).toBe('302');
  });

  it('links the call to the interaction that it answers', async () => {
    await office.intake.emit(missedCall('missed'));
    const [missed] = (await office.store.read.interactions({ limit: 1, cursor: null })).items;
    const answer = await post({ manager: 'm1', phone: '+79161234567', interaction: missed?.id });
    expect(await answer.json()).toMatchObject({ causedBy: missed?.id, state: 'queued', thread: null });
  });

  it.each([
    ['nobody’s telephone', { phone: '+79161234567' }, 422, '/manager', 'no such manager'],
    ['an unknown manager', { manager: 'm9', phone: '+79161234567' }, 422, '/manager', 'no such manager'],
    ['a manager without an extension there', { manager: 'm4', phone: '+79161234567' }, 422, '/manager', 'no extension'],
    ['an invalid number', { manager: 'm1', phone: 'call me' }, 422, '/phone', 'phone number'],
    ['a short number', { manager: 'm1', phone: '12' }, 422, '/phone', 'phone number'],
  ])('refuses %s', async (_name, body, status, path, message) => {
    const answer = await post(body);
    expect(answer.status).toBe(status);
    const { errors } = (await answer.json()) as { errors: { path: string; message: string }[] };
    expect(errors[0]).toMatchObject({ path, message: expect.stringContaining(message) });
    expect(await due()).toEqual([]);
  });

  it('refuses to answer an unknown interaction, and to repeat a call', async () => {
    const interaction = '00000000-0000-7000-8000-000000000000';
    expect((await post({ manager: 'm1', phone: '+79161234567', interaction })).status).toBe(404);
    const { id } = (await (await post({ manager: 'm1', phone: '+79161234567' })).json()) as Interaction;
    expect((await office.call('POST', `/api/v1/messages/${id}/resend`)).status).toBe(409);
  });

  it('lets operators call only as themselves', async () => {
    const headers = {
      cookie: await office.login('anna'),
      'content-type': 'application/json',
      origin: office.url,
    };
    const ask = (body: object) =>
      fetch(`${office.url}/api/v1/calls`, { method: 'POST', headers, body: JSON.stringify(body) });
    expect((await ask({ manager: 'm2', phone: '+79161234567' })).status).toBe(403);
    expect((await ask({ phone: '+79161234567' })).status).toBe(202);
  });

  it('says if no PBX is configured for calls', async () => {
    const without = await openOffice();
    const answer = await without.call('POST', '/api/v1/calls', { manager: 'm1', phone: '+79161234567' });
    expect(answer.status).toBe(409);
    expect(((await answer.json()) as { detail: string }).detail).toContain('clickToCall');
    await without.close();
  });
});
