import { describe, expect, it } from 'vitest';
import { openBackOffice } from './office.ts';

const phone = '+79161234567';

describe('a click on a number in the portal', () => {
  it('calls the number from the telephone of the manager who is the user, once', async () => {
    const office = await openBackOffice();
    const callId = await office.portal.people.clickToCall(2, '8 (916) 123-45-67');
    const [call, ...others] = await office.interactions();
    expect(call).toMatchObject({
      channel: 'call',
      direction: 'outbound',
      state: 'queued',
      party: { phone },
      handledBy: { id: 'boris' },
    });
    expect(others).toEqual([]);
    const outbound = call === undefined ? null : await office.store.read.outbound(call.id);
    expect(outbound).toMatchObject({ connection: 'pbx', content: { manager: 'boris', extension: '102' } });
    const of = { destination: 'b24', kind: 'interaction', subject: call?.id ?? '' } as const;
    expect(await office.store.read.ledger(of)).toMatchObject([{ step: 'clicked', state: 'done', remote: callId }]);
    expect(office.portal.state.complaints).toEqual([]);
  });

  it('that is posted twice calls once', async () => {
    const office = await openBackOffice();
    await office.portal.people.clickToCall(1, phone);
    const posted = office.portal.state.bound.find(({ event }) => event === 'ONEXTERNALCALLSTART');
    if (posted === undefined) throw new Error('the event is not bound');
    const [callId] = office.portal.state.calls.keys();
    const data = { PHONE_NUMBER: phone, USER_ID: '1', CALL_ID: callId ?? '', CALL_LIST_ID: '0' };
    office.portal.events.raise('ONEXTERNALCALLSTART', data, 1);
    await office.portal.events.posted();
    expect(await office.interactions()).toHaveLength(1);
  });

  it('that arrives more than 15 seconds later calls nobody, and its card is closed', async () => {
    const office = await openBackOffice();
    const click = office.portal.people.clickToCall(1, phone);
    // The event was posted with its time; our clock is ahead when it is read.
    office.clock.pass(16);
    const callId = await click;
    expect(await office.interactions()).toEqual([]);
    expect([...(office.portal.state.calls.get(callId)?.shownTo ?? [])]).toEqual([]);
  });

  it.each([
    ['a user who is no manager', 3],
    ['a manager without a telephone', 4],
  ])('by %s calls nobody, and its card is closed', async (_who, user) => {
    const office = await openBackOffice();
    const callId = await office.portal.people.clickToCall(user, phone);
    expect(await office.interactions()).toEqual([]);
    expect([...(office.portal.state.calls.get(callId)?.shownTo ?? [])]).toEqual([]);
  });

  it('on something that is no number calls nobody', async () => {
    const office = await openBackOffice();
    await office.portal.people.clickToCall(1, '12');
    expect(await office.interactions()).toEqual([]);
  });

  it.each([
    ['and the card of it', { kind: 'COMPANY', id: 5 } as const, 'company-5'],
    ['without a card', undefined, '-'],
  ])('keeps the call list that it is of, %s', async (_what, card, kept) => {
    const office = await openBackOffice();
    const callId = await office.portal.people.clickToCall(1, phone, { callListId: 7, ...(card && { card }) });
    const [call] = await office.interactions();
    const of = { destination: 'b24', kind: 'interaction', subject: call?.id ?? '' } as const;
    expect(await office.store.read.ledger(of)).toMatchObject([{ remote: `${callId} 7 ${kept}` }]);
  });
});
