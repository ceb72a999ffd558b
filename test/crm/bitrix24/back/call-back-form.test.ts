import { describe, expect, it } from 'vitest';
import { openBackOffice } from './office.ts';

const phone = '+79161234567';

describe('a call-back form of the portal', () => {
  it('becomes a form with a task to call back, once', async () => {
    const office = await openBackOffice();
    await office.portal.people.callbackForm({ phone, text: 'Please call', card: { kind: 'LEAD', id: 7 } });
    await office.portal.people.callbackForm({ phone, text: 'Please call', card: { kind: 'LEAD', id: 7 } });
    const forms = await office.interactions();
    expect(forms).toMatchObject([
      {
        channel: 'form',
        direction: 'inbound',
        party: { phone },
        text: 'Please call',
        attribution: { ids: { bitrix24: 'b24:lead-7' } },
      },
    ]);
    expect(await office.store.read.task(forms[0]?.id ?? ('' as never))).toMatchObject({
      kind: 'call_back',
      state: 'open',
    });
    expect(office.called).toEqual([]);
  });

  it('is not delivered to the portal again', async () => {
    const office = await openBackOffice();
    await office.portal.people.callbackForm({ phone });
    const [interaction] = await office.interactions();
    const [b24] = office.cores.destinations;
    if (interaction === undefined || b24 === undefined) throw new Error('nothing to deliver');
    const before = office.portal.state.counts.size;
    const subject = { kind: 'interaction', interaction } as const;
    expect(await b24.destination.deliver(subject, AbortSignal.timeout(5000))).toEqual({ kind: 'done', link: null });
    expect(office.portal.state.counts.size).toBe(before);
  });

  it('rings a manager at once by setting, but not if it comes late', async () => {
    const office = await openBackOffice({ callBacks: 'call' });
    await office.portal.people.callbackForm({ phone });
    expect(office.called).toEqual([phone]);
    const late = office.portal.people.callbackForm({ phone: '+79161234568' });
    office.clock.pass(61);
    await late;
    expect(office.called).toEqual([phone]);
    expect(await office.interactions()).toHaveLength(2);
  });

  it('is ignored by setting', async () => {
    const office = await openBackOffice({ callBacks: 'none' });
    await office.portal.people.callbackForm({ phone });
    expect(await office.interactions()).toEqual([]);
  });
});
