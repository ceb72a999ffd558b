import { describe, expect, it } from 'vitest';
import { openProof } from '../../../../src/crm/bitrix24/connect/proof.ts';
import { PortalReceiver } from '../../../../src/crm/bitrix24/connect/receiver.ts';
import { eventAddress, newState } from '../../../../src/crm/bitrix24/connect/state.ts';
import { readTokens } from '../../../../src/crm/bitrix24/connect/tokens.ts';
import type { PortalEvent } from '../../../../src/crm/bitrix24/events/event.ts';
import type { HookReceiver } from '../../../../src/domain/ports/hooks.ts';
import type { PortalOptions } from '../../../support/bitrix24/options.ts';
import type { Portal } from '../../../support/bitrix24/portal.ts';
import { type Fields, writeForm } from '../../../support/bitrix24/values.ts';
import { start } from '../portal/start.ts';
import { appConfig, emptyStore, type Instance, installed, instance } from './instances.ts';

/** A receiver with a handler of clicks. */
function receiverOf(portal: Portal, one: Instance) {
  const clicks: PortalEvent[] = [];
  const config = appConfig(portal);
  const app = { ...config.app, portal: portal.root } as never;
  const { application, oauth } = one;
  if (application === null || oauth === null) throw new Error('there is no application');
  const receiver: HookReceiver = new PortalReceiver({
    app,
    application,
    oauth,
    proof: openProof(one.http, app, oauth, () => application.tokens({ fresh: true })),
    parts: { config, context: one.context } as never,
    handlers: {
      ONEXTERNALCALLSTART: async (event) => {
        if (event.data.fails === '1') throw new Error('the click fails');
        clicks.push(event);
      },
    },
  });
  return { receiver, clicks };
}

async function set(options: PortalOptions = {}) {
  const { portal, clock } = await start(options);
  const store = emptyStore();
  const one = instance('one', appConfig(portal), { store, clock });
  return { portal, clock, store, one, ...receiverOf(portal, one) };
}

const post = (receiver: HookReceiver, form: Fields, query: Readonly<Record<string, string>> = {}) =>
  receiver.receive({ method: 'POST', query, headers: {}, body: Buffer.from(writeForm(form)) });
const get = (receiver: HookReceiver, query: Readonly<Record<string, string>>) =>
  receiver.receive({ method: 'GET', query, headers: {}, body: Buffer.alloc(0) });

/** The body of the installation that the portal posts. */
function installation(portal: Portal, changed: Fields = {}): Fields {
  const { app } = portal.core.options;
  if (app === undefined) throw new Error('there is no application');
  const { expires: _, ...tokens } = portal.auth.issue(app, 1);
  const own = { domain: new URL(portal.root).host, application_token: portal.auth.applicationToken(app.clientId) };
  return { event: 'ONAPPINSTALL', data: { VERSION: '1' }, ts: '1', auth: { ...tokens, ...own, ...changed } };
}

/** A click as the portal posts it. */
function click(portal: Portal, auth: Fields = {}, data: Fields = {}): Fields {
  const own = { application_token: portal.auth.applicationToken('local.1'), member_id: portal.auth.memberId };
  return {
    event: 'onExternalCallStart',
    data: { PHONE_NUMBER: '+79161234567', USER_ID: '1', ...data },
    ts: '1796115600',
    auth: { ...own, ...auth },
  };
}

describe('the installation that the portal posts', () => {
  it('gives us the tokens, and the token of events', async () => {
    const { portal, store, receiver, one } = await set();
    expect(await post(receiver, installation(portal))).toMatchObject({ status: 200 });
    expect((await one.portal.call('profile', {}, { signal: one.context.signal })).result).toMatchObject({ ID: '1' });
    expect(await readTokens(one.context.vault)).toMatchObject({
      member: portal.auth.memberId,
      application: portal.auth.applicationToken('local.1'),
      scopes: expect.arrayContaining(['crm', 'telephony']),
    });
    expect(store.secrets.size).toBe(1);
  });

  it.each([
    ['of another portal', { domain: 'evil.example' }],
    ['with another member id', { member_id: 'other' }],
    ['with a refresh token that the OAuth server does not know', { refresh_token: 'forged' }],
    ['without a refresh token', { refresh_token: '' }],
  ])('is refused %s, and changes nothing', async (_, changed) => {
    const { portal, store, receiver, one } = await set();
    await installed(portal, one);
    const before = store.secrets.get('tokens');
    expect(await post(receiver, installation(portal, changed))).toMatchObject({ status: 403 });
    expect(store.secrets.get('tokens')).toBe(before);
  });

  it('is believed even if tokens can not be renewed before they expire', async () => {
    const { portal, receiver, one, clock } = await set({ earlyRefresh: false });
    expect(await post(receiver, installation(portal))).toMatchObject({ status: 200 });
    clock.pass(3601);
    expect((await one.portal.call('profile', {}, { signal: one.context.signal })).result).toMatchObject({ ID: '1' });
    expect(portal.auth.refreshes).toBe(1);
    const stranger = {
      access_token: portal.auth.shortToken({ clientId: 'local.2', clientSecret: 'x', scopes: [] }, 1),
    };
    expect(await post(receiver, installation(portal, stranger))).toMatchObject({ status: 403 });
  });

  it('that comes twice does not replace the tokens by its own, which were used', async () => {
    const { portal, receiver, one, clock, store } = await set();
    const twice = installation(portal);
    await post(receiver, twice);
    const before = store.secrets.get('tokens');
    expect((await post(receiver, twice)).status).toBe(403);
    expect(store.secrets.get('tokens')).toBe(before);
    clock.pass(3601);
    expect((await one.portal.call('profile', {}, { signal: one.context.signal })).result).toMatchObject({ ID: '1' });
  });

  it('is not answered as done if it could not be stored', async () => {
    const { portal, store, receiver } = await set();
    store.beforePut = () => Promise.reject(new Error('the store is away'));
    expect((await post(receiver, installation(portal))).status).toBe(503);
  });

  it('replaces the tokens of an earlier one', async () => {
    const { portal, receiver, one } = await set();
    await post(receiver, installation(portal));
    portal.auth.revoke('local.1');
    await post(receiver, installation(portal));
    expect((await one.portal.call('profile', {}, { signal: one.context.signal })).result).toMatchObject({ ID: '1' });
  });
});

describe('an authorisation by hand', () => {
  it('brings a code, and the first event brings the token of events', async () => {
    const { portal, receiver, one, clicks, clock } = await set();
    const link = new URL('https://x/');
    link.search = new URLSearchParams({ client_id: 'local.1', state: newState('secret', clock.now()) }).toString();
    const answer = await fetch(`${portal.root}/oauth/authorize/${link.search}`, { redirect: 'manual' });
    const back = Object.fromEntries(new URL(answer.headers.get('location') ?? '').searchParams);
    expect(await get(receiver, back)).toMatchObject({ status: 200 });
    expect(await readTokens(one.context.vault)).toMatchObject({ application: null });

    expect((await post(receiver, click(portal))).status).toBe(403);
    const key = new URL(eventAddress('https://x/', 'secret')).searchParams.get('key') ?? '';
    expect((await post(receiver, click(portal), { key })).status).toBe(200);
    expect((await post(receiver, click(portal))).status).toBe(200);
    expect((await post(receiver, click(portal, { application_token: 'forged' }), { key })).status).toBe(403);
    expect(clicks).toHaveLength(2);
  });

  it('is refused if it was not begun here, or too long ago', async () => {
    const { portal, receiver, clock, store } = await set();
    const domain = new URL(portal.root).host;
    const code = portal.auth.code('local.1', 1);
    expect((await get(receiver, { code, domain, state: 'x.y' })).status).toBe(403);
    expect((await get(receiver, { code, domain, state: newState('other', clock.now()) })).status).toBe(403);
    expect((await get(receiver, { code, domain, state: newState('secret', clock.now() - 3_600_001) })).status).toBe(
      403,
    );
    expect((await get(receiver, { code, domain: 'evil.example', state: newState('secret', clock.now()) })).status).toBe(
      403,
    );
    expect(store.secrets.size).toBe(0);
  });
});

describe('an event', () => {
  it('is handed to its handler', async () => {
    const { portal, receiver, one, clicks } = await set();
    await installed(portal, one);
    expect(await post(receiver, click(portal))).toMatchObject({ status: 200 });
    expect(clicks).toEqual([
      { name: 'ONEXTERNALCALLSTART', data: { PHONE_NUMBER: '+79161234567', USER_ID: '1' }, at: 1_796_115_600_000 },
    ]);
  });

  it('that nobody handles is answered, and one that failed is not', async () => {
    const { portal, receiver, one } = await set();
    await installed(portal, one);
    expect((await post(receiver, { ...click(portal), event: 'toString' })).status).toBe(200);
    expect((await post(receiver, click(portal, {}, { fails: '1' }))).status).toBe(500);
  });

  it.each([
    ['with another token', { application_token: 'x'.repeat(32) }],
    ['without a token', { application_token: '' }],
    ['of another portal', { member_id: 'other' }],
  ])('is refused %s', async (_, changed) => {
    const { portal, receiver, one, clicks } = await set();
    await installed(portal, one);
    expect((await post(receiver, click(portal, changed))).status).toBe(403);
    expect(clicks).toEqual([]);
  });

  it('is refused before the installation, and accepted by an instance that has not seen a new one', async () => {
    const { portal, clock, store, one, receiver } = await set();
    expect((await post(receiver, click(portal))).status).toBe(403);
    const other = instance('other', appConfig(portal), { store, clock });
    await installed(portal, other);
    await other.application?.learn('an older token');
    await post(receiver, click(portal));
    await installed(portal, other);
    expect((await post(receiver, click(portal))).status).toBe(200);
    expect(one.states).toEqual([]);
  });

  it('that can not be read is a bad request', async () => {
    const { receiver } = await set();
    for (const body of ['', 'data[x]=1', 'event[=1', `event=A&x${'[a]'.repeat(20)}=1`])
      expect((await receiver.receive({ method: 'POST', query: {}, headers: {}, body: Buffer.from(body) })).status).toBe(
        400,
      );
  });
});
