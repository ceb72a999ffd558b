import { describe, expect, it } from 'vitest';
import { start } from '../portal/start.ts';
import { hookConfig, instance } from './instances.ts';

const { signal } = new AbortController();

async function set() {
  const { portal, clock } = await start();
  const one = instance('one', hookConfig(portal), { clock });
  const call = (method: string) => one.portal.call(method, {}, { signal }).catch(() => undefined);
  return { portal, one, call, last: () => one.states.at(-1) };
}

describe('the state of a portal', () => {
  it('is degraded while it can not be reached, and ready again after the next answer', async () => {
    const { portal, call, last } = await set();
    portal.faults.on('profile', '502');
    await call('profile');
    expect(last()).toEqual(['degraded', expect.objectContaining({ code: expect.any(String) })]);
    await call('profile');
    expect(last()).toEqual(['ready', null]);
  });

  it('names methods that are denied while others work, and fails while none does', async () => {
    const { call, last } = await set();
    await call('placement.bind');
    expect(last()).toEqual(['failed', expect.objectContaining({ code: 'methodsDenied' })]);
    await call('profile');
    await call('event.get');
    expect(last()).toEqual(['degraded', expect.objectContaining({ code: 'methodsDenied' })]);
    expect(last()?.[1]?.values.methods).toEqual(['event.get', 'placement.bind']);
  });

  it('fails if the webhook was deleted', async () => {
    const { portal, call, last } = await set();
    await call('profile');
    portal.auth.removeWebhook('hook');
    await call('profile');
    expect(last()).toEqual(['failed', expect.objectContaining({ code: 'methodRefused' })]);
  });

  it('does not suffer from requests that the portal refuses, nor from its limits', async () => {
    const { portal, call, last } = await set();
    await call('crm.lead.get');
    expect(last()).toEqual(['ready', null]);
    portal.faults.on('profile', 'overload');
    await call('profile');
    expect(last()?.[0]).toBe('failed');
  });
});
