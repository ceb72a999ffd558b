import { describe, expect, it } from 'vitest';
import type { Staff } from '../../../../src/domain/directory/manager.ts';
import type { PortalOptions } from '../../../support/bitrix24/options.ts';
import { manager } from '../../../support/office.ts';
import { start } from '../portal/start.ts';
import { appConfig, contextOf, coreOf, emptyStore, hookConfig, installed, instance } from './instances.ts';

const { signal } = new AbortController();
const staff: Staff = {
  managers: [manager('anna', 'Anna', '101', null), manager('boris', 'Boris', '102', null)],
  lines: [],
};

/** What the checks of a webhook find, by what they look at. */
async function ofWebhook(options: PortalOptions = {}, more: object = {}, who: Staff = staff, user = 1) {
  const { portal, clock } = await start(options);
  const { context } = contextOf('one', emptyStore(), clock, who);
  const core = coreOf({ ...hookConfig(portal), webhook: portal.webhookUrl(user, 'hook'), ...more }, context);
  const examine = async () =>
    Object.fromEntries(
      ((await core.examine?.(signal)) ?? []).map(({ what, ok, detail }) => [what.replace('b24: ', ''), { ok, detail }]),
    );
  return { portal, core, examine };
}

/** What the checks of an installed application find. */
async function ofApp(options: PortalOptions = {}, more: object = {}) {
  const { portal, clock } = await start(options);
  const store = emptyStore();
  await installed(portal, instance('installer', appConfig(portal), { store, clock }));
  const { context } = contextOf('one', store, clock, staff);
  const core = coreOf({ ...appConfig(portal), ...more }, context);
  const found = (await core.examine?.(signal)) ?? [];
  return {
    portal,
    core,
    found: Object.fromEntries(found.map(({ what, ok, detail }) => [what.replace('b24: ', ''), { ok, detail }])),
  };
}

describe('the check of a portal', () => {
  it('finds everything well for an application, and changes nothing', async () => {
    const scopes = ['crm', 'telephony', 'user', 'placement'] as const;
    const { found, portal } = await ofApp({ app: { clientId: 'local.1', clientSecret: 'secret', scopes } });
    expect(Object.entries(found).filter(([, { ok }]) => !ok)).toEqual([]);
    expect(found.calls?.detail).toContain('tried telephony.externalCall.register');
    expect(found['managers and users']?.detail).toBe('2 of 2 managers found among 3 users');
    expect([portal.state.calls.size, portal.state.bound.length]).toEqual([0, 0]);
  });

  it('says how clicks come, by setting', async () => {
    const { found } = await ofApp({}, { events: 'polled' });
    expect(found.events).toMatchObject({
      ok: true,
      detail: expect.stringContaining('asked for clicks every 2 seconds'),
    });
  });

  it('says that a webhook may not register calls, and that a self-hosted portal lets it', async () => {
    const refused = await (await ofWebhook()).examine();
    expect(refused.calls).toMatchObject({ ok: false, detail: expect.stringContaining('create a local application') });
    const limits = { perSecond: 100, burst: 50, methodSeconds: 480, instances: 1 };
    const allowed = await (await ofWebhook({ webhookCallsRefused: false }, { limits })).examine();
    expect(allowed.calls?.ok).toBe(true);
    expect(allowed['self-hosted']?.detail).toContain('limits.perSecond: 0');
  });

  it('names missing permissions', async () => {
    const { examine } = await ofWebhook({ webhooks: [{ userId: 1, secret: 'hook', scopes: ['telephony'] }] });
    const found = await examine();
    expect(found['clients, leads, letters and messages']).toEqual({
      ok: false,
      detail: 'the permission crm is missing; tick it in the portal',
    });
    expect(found.managers?.ok).toBe(false);
  });

  it('says what to do without a Market subscription', async () => {
    const { portal, examine } = await ofWebhook();
    portal.faults.everything = 'no-subscription';
    expect(await examine()).toEqual({
      access: { ok: false, detail: expect.stringContaining('Market subscription') },
    });
  });

  it('says what to do about a deleted webhook, and about a user without rights', async () => {
    const { portal, examine } = await ofWebhook();
    portal.auth.removeWebhook('hook');
    expect((await examine()).access?.detail).toContain('copy the address of the webhook again');
    const humble = await ofWebhook({ webhooks: [{ userId: 2, secret: 'hook', scopes: ['crm'] }] }, {}, staff, 2);
    expect((await humble.examine()).access?.detail).toContain('not an administrator');
  });

  it('names managers without a user', async () => {
    const who = { ...staff, managers: [...staff.managers, manager('vera', 'Vera', '103', null)] };
    const { examine } = await ofWebhook({}, { users: { boris: 3 } }, who);
    expect((await examine())['managers and users']).toEqual({
      ok: false,
      detail: expect.stringMatching(
        /1 of 3 managers found.*no user for boris, vera.*the user set for boris is not active/,
      ),
    });
  });

  it('never rejects, whatever the portal answers', async () => {
    const { portal, examine } = await ofWebhook();
    for (const fault of ['html', 'malformed', 'empty', '500'] as const) {
      portal.faults.everything = fault;
      expect(Object.keys(await examine())).toContain('access');
    }
  });

  it('guides to the install handler, and to the link of an authorisation by hand', async () => {
    const { core, portal } = await ofApp();
    const guide = core.guide?.().join('\n') ?? '';
    expect(guide).toContain('https://patchbay.example/api/v1/hooks/b24');
    expect(guide).toContain('telephony, crm, placement');
    const link = /http\S+authorize\S+/.exec(guide)?.[0] ?? '';
    expect((await fetch(link, { redirect: 'manual' })).status).toBe(302);
    expect(guide).toContain(portal.root);
    expect(await core.isConnected?.()).toBe(true);
  });
});
