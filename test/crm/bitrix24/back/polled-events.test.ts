import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { isPolled } from '../../../../src/crm/bitrix24/events/way.ts';
import type { Polled } from '../../../../src/crm/contract.ts';
import { pollingOf } from '../../../../src/crm/polling.ts';
import { silentLogger } from '../../../../src/runtime/log.ts';
import { appConfig, contextOf, coreOf, emptyStore, installed, instance } from '../connect/instances.ts';
import { start } from '../portal/start.ts';
import { type BackOffice, openBackOffice } from './office.ts';

const phone = '+79161234567';

/** Asks the portal once, as the instance does that holds the lease. */
function poll({ cores }: BackOffice): Promise<boolean> {
  const [polled] = cores.polled;
  if (polled === undefined) throw new Error('the core is not polled');
  return polled.core.poll(AbortSignal.timeout(20_000));
}

/** An office whose portal has been told to collect events. */
async function openPolled(...given: Parameters<typeof openBackOffice>): Promise<BackOffice> {
  const office = await openBackOffice({ ...given[0], events: 'polled' }, given[1]);
  expect(await poll(office)).toBe(false);
  return office;
}

describe('events that we ask the portal for', () => {
  it('are asked for as soon as the application is installed, and nothing is asked before', async () => {
    const { portal, clock } = await start();
    const store = emptyStore();
    const { context } = contextOf('one', store, clock);
    const { poll } = coreOf({ ...appConfig(portal), events: 'polled' }, context) as Partial<Polled>;
    const asked = () => portal.state.counts.get('event.offline.get') ?? 0;
    expect([await poll?.(AbortSignal.timeout(20_000)), asked()]).toEqual([false, 0]);
    await installed(portal, instance('other', appConfig(portal), { store, clock }));
    expect([await poll?.(AbortSignal.timeout(20_000)), asked()]).toEqual([false, 1]);
  });

  it('make a click ring, without anything posted to us', async () => {
    const office = await openPolled();
    const callId = await office.portal.people.clickToCall(2, phone, { callListId: 7 });
    expect(await poll(office)).toBe(true);
    const [call] = await office.interactions();
    expect(call).toMatchObject({ direction: 'outbound', party: { phone }, handledBy: { id: 'boris' } });
    const of = { destination: 'b24', kind: 'interaction', subject: call?.id ?? '' } as const;
    expect(await office.store.read.ledger(of)).toMatchObject([{ step: 'clicked', remote: `${callId} 7 -` }]);
    expect(await poll(office)).toBe(false);
    expect(office.portal.state.offline).toEqual([]);
    expect(office.portal.state.posted.map(({ event }) => event)).toEqual(['ONAPPINSTALL']);
    expect(office.portal.state.complaints).toEqual([]);
  });

  it('make call-back forms forms', async () => {
    const office = await openPolled();
    await office.portal.people.callbackForm({ phone });
    await poll(office);
    expect(await office.interactions()).toMatchObject([{ channel: 'form', party: { phone } }]);
  });

  it('call nobody if a click is more than 15 seconds old, and its card is closed', async () => {
    const office = await openPolled();
    const callId = await office.portal.people.clickToCall(1, phone);
    office.clock.pass(16);
    await poll(office);
    expect(await office.interactions()).toEqual([]);
    expect([...(office.portal.state.calls.get(callId)?.shownTo ?? [])]).toEqual([]);
    expect(office.portal.state.offline).toEqual([]);
  });

  it('are taken again if they could not be cleared, and make no second call', async () => {
    const office = await openPolled();
    await office.portal.people.clickToCall(1, phone);
    office.portal.faults.on('event.offline.clear', '500', { times: 1 });
    await expect(poll(office)).rejects.toThrow();
    expect(office.portal.state.offline).toHaveLength(1);
    expect(await poll(office)).toBe(true);
    expect(office.portal.state.offline).toEqual([]);
    expect(await office.interactions()).toHaveLength(1);
  });

  it('are dropped if they can not be handled three times, and do not hold up others for longer', async () => {
    const office = await openPolled();
    // Vera is no manager, so that only her card has to be closed.
    await office.portal.people.clickToCall(3, phone);
    office.portal.faults.on('telephony.externalCall.hide', '500', { times: 10 });
    await expect(poll(office)).rejects.toThrow();
    await expect(poll(office)).rejects.toThrow();
    await office.portal.people.clickToCall(1, phone);
    expect(await poll(office)).toBe(true);
    expect(await poll(office)).toBe(true);
    expect(await office.interactions()).toHaveLength(1);
    expect(office.portal.state.offline).toEqual([]);
  });

  it('come from the one queue of a plan that has no other', async () => {
    const office = await openPolled({}, { plan: 'basic' });
    await office.portal.people.clickToCall(1, phone);
    expect(await poll(office)).toBe(true);
    expect(await office.interactions()).toHaveLength(1);
    expect(office.portal.state.offline).toEqual([]);
  });

  it('are not lost with that plan if they can not be handled at once', async () => {
    const office = await openPolled({}, { plan: 'basic' });
    await office.portal.people.clickToCall(3, phone);
    office.portal.faults.on('telephony.externalCall.hide', '500', { times: 1 });
    await expect(poll(office)).rejects.toThrow();
    expect(await poll(office)).toBe(true);
    expect([...office.portal.state.calls.values()].flatMap(({ shownTo }) => [...shownTo])).toEqual([]);
  });

  it('are asked for by a loop under a lease', async () => {
    const office = await openPolled();
    const [polled] = office.cores.polled;
    if (polled === undefined) throw new Error('the core is not polled');
    const loop = pollingOf('b24', polled.core, { leases: office.store.leases, log: silentLogger });
    loop.start();
    onTestFinished(() => loop.stop());
    await office.portal.people.clickToCall(1, phone);
    await expect.poll(() => office.interactions(), { timeout: 20_000 }).toHaveLength(1);
  });

  it('leave the queue of deletions alone', async () => {
    const office = await openPolled();
    const connector = 'patchbay-directory';
    const deletion = { event: 'ONCRMCONTACTDELETE', handler: '', isOffline: true, userId: null, connector };
    office.portal.state.bound.push({ id: 99, app: 'local.1', ...deletion });
    office.portal.core.raise('ONCRMCONTACTDELETE', { FIELDS: { ID: '1' } }, 1);
    expect(await poll(office)).toBe(false);
    expect(office.portal.state.offline).toMatchObject([{ event: 'ONCRMCONTACTDELETE', processId: null }]);
  });

  it('are no longer collected once they are posted, and the other way round', async () => {
    const office = await openPolled();
    const bound = () => office.portal.state.bound.map(({ event, isOffline }) => `${event} ${isOffline}`).toSorted();
    const collected = ['ONEXTERNALCALLBACKSTART true', 'ONEXTERNALCALLSTART true'];
    expect(bound()).toEqual(collected);
    const posting = await office.restarted({ events: 'posted' });
    await vi.waitFor(() => expect(bound()).toEqual(collected.map((one) => one.replace('true', 'false'))));
    expect(posting.polled).toEqual([]);
    const polling = await office.restarted({ events: 'polled' });
    await polling.polled[0]?.core.poll(AbortSignal.timeout(20_000));
    await vi.waitFor(() => expect(bound()).toEqual(collected));
  });
});

describe('the way of events', () => {
  it.each([
    ['auto', 'https://company.bitrix24.ru', 'https://patchbay.example/hooks', false],
    ['auto', 'https://company.bitrix24.ru', 'http://10.0.0.5:8080/hooks', true],
    // A portal on the same machine reaches us.
    ['auto', 'http://127.0.0.1:80', 'http://127.0.0.1:8080/hooks', false],
    ['polled', 'https://company.bitrix24.ru', 'https://patchbay.example/hooks', true],
    ['posted', 'https://company.bitrix24.ru', 'http://10.0.0.5:8080/hooks', false],
  ] as const)('with %s from %s to %s is polling: %s', (events, portal, hook, expected) => {
    expect(isPolled({ events }, portal, hook)).toBe(expected);
  });
});
