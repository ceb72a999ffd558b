import { describe, expect, it } from 'vitest';
import { ServiceError } from '../../../../src/runtime/http/service-error.ts';
import { start } from '../portal/start.ts';
import { appConfig, emptyStore, type Instance, installed, instance } from './instances.ts';

const { signal } = new AbortController();
const profile = (one: Instance) => one.portal.call('profile', {}, { signal });
const codeOf = (error: unknown) => (error instanceof ServiceError ? error.reason.code : error);

async function two() {
  const { portal, clock } = await start();
  const store = emptyStore();
  const [a, b] = [1, 2].map((n) => instance(`instance ${n}`, appConfig(portal), { store, clock })) as [
    Instance,
    Instance,
  ];
  return { portal, clock, store, a, b };
}

describe('the tokens of an application', () => {
  it('are renewed once when they expire amid parallel calls of two instances', async () => {
    const { portal, clock, a, b } = await two();
    await installed(portal, a);
    await Promise.all([profile(a), profile(b)]);
    clock.pass(3601);
    const calls = [a, b, a, b, a, b].map(profile);
    const ids = (await Promise.all(calls)).map(({ result }) => (result as { ID: string }).ID);
    expect(ids).toEqual(Array(6).fill('1'));
    expect(portal.auth.refreshes).toBe(1);
  });

  it('are stored before they are used', async () => {
    const { portal, clock, store, a } = await two();
    await installed(portal, a);
    clock.pass(3601);
    const before = portal.core.state.counts.get('profile') ?? 0;
    let usedBefore = -1;
    store.beforePut = async () => {
      usedBefore = portal.core.state.counts.get('profile') ?? 0;
    };
    await profile(a);
    expect([before, usedBefore, portal.core.state.counts.get('profile')]).toEqual([before, before, before + 1]);
  });

  it('that could not be stored are kept, and stored before the next call', async () => {
    const { portal, clock, store, a, b } = await two();
    await installed(portal, a);
    clock.pass(3601);
    let failures = 0;
    store.beforePut = async () => {
      failures += 1;
      if (failures === 1) throw new Error('the store is away');
    };
    await expect(profile(a)).rejects.toMatchObject({ trouble: 'later' });
    expect((await profile(a)).result).toMatchObject({ ID: '1' });
    expect((await profile(b)).result).toMatchObject({ ID: '1' });
    expect(portal.auth.refreshes).toBe(1);
  });

  it('are lost if the program is killed between renewing and storing: people see what to do, and a new installation heals it', async () => {
    const { portal, clock, store, a } = await two();
    await installed(portal, a);
    clock.pass(3601);
    store.beforePut = () => Promise.reject(new Error('killed'));
    await expect(profile(a)).rejects.toThrow();
    store.beforePut = async () => undefined;

    const next = instance('after the restart', appConfig(portal), { store, clock });
    for (let i = 0; i < 3; i += 1) expect(codeOf(await profile(next).catch((e: unknown) => e))).toBe('appReinstall');
    expect(next.states.at(-1)).toEqual(['failed', expect.objectContaining({ code: 'appReinstall' })]);
    await installed(portal, next);
    expect((await profile(next)).result).toMatchObject({ ID: '1' });
    expect(next.states.at(-1)).toEqual(['ready', null]);
  });

  it('rotate at each renewal, and only the newest is used', async () => {
    const { portal, clock, store, a, b } = await two();
    await installed(portal, a);
    const seen = new Set<string>();
    for (let hour = 0; hour < 4; hour += 1) {
      clock.pass(3601);
      await profile(hour % 2 === 0 ? a : b);
      seen.add(JSON.parse(store.secrets.get('tokens') ?? '').refresh);
    }
    expect([seen.size, portal.auth.refreshes]).toEqual([4, 4]);
  });

  it('are taken over from another instance after a new installation', async () => {
    const { portal, a, b } = await two();
    await installed(portal, a);
    await profile(b);
    portal.auth.revoke('local.1');
    await installed(portal, a);
    expect((await profile(b)).result).toMatchObject({ ID: '1' });
    expect(portal.auth.refreshes).toBe(0);
  });

  it('are not renewed for an application that was uninstalled', async () => {
    const { portal, a } = await two();
    await installed(portal, a);
    portal.auth.revoke('local.1');
    await expect(profile(a)).rejects.toMatchObject({ trouble: 'access', reason: { code: 'appReinstall' } });
  });

  it('are asked for if there are none, or if the key of the vault was lost', async () => {
    const { portal, store, clock, a } = await two();
    await expect(profile(a)).rejects.toMatchObject({ trouble: 'access', reason: { code: 'appNotInstalled' } });
    await installed(portal, a);
    store.secrets.clear();
    const next = instance('with another key', appConfig(portal), { store, clock });
    await expect(profile(next)).rejects.toMatchObject({ reason: { code: 'appNotInstalled' } });
    expect(next.states.at(-1)?.[0]).toBe('failed');
  });

  it('never leave a call uncertain while they are renewed', async () => {
    const { portal, clock, a } = await two();
    await installed(portal, a);
    clock.pass(3601);
    const config = appConfig(portal);
    const away = instance(
      'without a way',
      { ...config, app: { ...config.app, oauth: 'http://127.0.0.1:9' } as never },
      {
        store: { ...emptyStore(), secrets: new Map([['tokens', (await a.context.vault.get('tokens')) ?? '']]) },
        clock,
      },
    );
    await expect(profile(away)).rejects.toMatchObject({ trouble: expect.stringMatching(/later|unreachable/) });
  });

  it('are of the configured portal only', async () => {
    const { portal, clock } = await two();
    const other = await start();
    const config = appConfig(portal);
    const one = instance('misled', { ...config, app: { ...config.app, oauth: other.portal.root } as never }, { clock });
    await expect(installed(other.portal, one)).rejects.toMatchObject({ reason: { code: 'otherPortal' } });
  });
});
