import { describe, expect, it } from 'vitest';
import { clickedStep } from '../../../../src/crm/bitrix24/calls/reported.ts';
import { eventKey } from '../../../../src/domain/base/ids.ts';
import type { CallResultReason } from '../../../../src/domain/call/call-result.ts';
import { addCard } from '../../../support/bitrix24/crm/card-changes.ts';
import { Branch, phone } from './branch.ts';
import { answered, at, machine, missed, outbound, rang, ringing, rings, talked, talking } from './flows.ts';

const register = 'telephony.externalCall.register';
const row = { phone, type: 2, code: '200', at: '09:00:00' };
const miss = { phone, type: 2, code: '304', duration: 0, at: '09:00:00' };

/** The parameters of the registrations that the portal got, also in batches. */
function registrations(branch: Branch): readonly Readonly<Record<string, unknown>>[] {
  return branch.portal.asked.flatMap(({ path, body }) => {
    const sent = JSON.parse(String(body));
    if (path.endsWith(`/${register}.json`)) return [sent];
    const command: string = sent.cmd?.register ?? '';
    return command === '' ? [] : [Object.fromEntries(new URLSearchParams(command.slice(command.indexOf('?') + 1)))];
  });
}

/** User 2 clicks the number: the portal registers the call and shows its card. */
/** The call's request knows the portal's call. */
async function adopt(branch: Branch, callId: string, call: string): Promise<void> {
  const of = { destination: 'b24', kind: 'interaction', subject: call } as const;
  await branch.apply([{ op: 'ledger', of, step: clickedStep, state: 'done', remote: callId, at: at(0) }]);
}

function click({ portal: { core } }: Branch): string {
  const call = {
    externalId: null,
    userId: 2,
    phone,
    type: 1,
    line: null,
    startedAt: core.date(at(0)),
    source: 'click',
  };
  return core.addCall({ ...call, card: null, created: [], callListId: null, isShown: true }).id;
}

describe('an outbound call', () => {
  it('shows the card to the caller, and is finished with the talk', async () => {
    const branch = await Branch.open();
    await branch.tell(outbound('ringing', [rings('102')], null));
    expect(branch.openCards()).toEqual([2]);
    await branch.tell(outbound('talking', [talked('102', 9, null)], null));
    await branch.tell(outbound('answered', [talked('102', 9, 39)], 39));
    expect(branch.rows()).toEqual([{ ...row, type: 1, userId: 2, duration: 30 }]);
    expect(branch.openCards()).toEqual([]);
  });

  it.each<[CallResultReason, string]>([
    ['busy', '486'],
    ['no_answer', '304'],
    ['rejected', '603'],
    ['wrong_number', '404'],
    ['congestion', '503'],
    ['unavailable', '480'],
    ['cancelled', '603-S'],
    ['failed', 'OTHER'],
  ])('that ended as %s has the status code %s', async (reason, code) => {
    const branch = await Branch.open();
    const result = { reason, cause: null };
    await branch.tell(outbound('unanswered', [rang('102', 0, 20)], 20, { result }));
    expect(branch.rows()).toEqual([{ ...miss, type: 1, userId: 2, code }]);
  });

  it('begun by a click in the portal is only finished', async () => {
    const branch = await Branch.open();
    const clicked = click(branch);
    await branch.emit(outbound('ringing', [rings('102')], null));
    const [call] = await branch.calls();
    if (call === undefined) throw new Error('no call');
    await adopt(branch, clicked, call.id);
    await branch.deliver();
    branch.fault('telephony.externalCall.finish', 'cut-after');
    await branch.tell(outbound('answered', [talked('102', 9, 39)], 39));
    expect([...branch.portal.state.statistics.keys()]).toEqual([clicked]);
    expect(branch.rows()).toEqual([{ ...row, type: 1, userId: 2, duration: 30 }]);
    expect(branch.count(register)).toBe(0);
    expect(branch.openCards()).toEqual([]);
  });

  it('begun by a click that reached no telephone is finished there too', async () => {
    const branch = await Branch.open({ defaultUser: 2 });
    const clicked = click(branch);
    await branch.emit(outbound('ringing', [], null));
    const [call] = await branch.calls();
    if (call === undefined) throw new Error('no call');
    await adopt(branch, clicked, call.id);
    await branch.tell(outbound('failed', [], 3));
    expect([...branch.portal.state.statistics.keys()]).toEqual([clicked]);
    expect(branch.rows()).toEqual([{ ...miss, type: 1, userId: 2, code: 'OTHER' }]);
    expect(branch.openCards()).toEqual([]);
  });
});

describe('a call', () => {
  it('between colleagues is reported once, on the caller', async () => {
    const internal = {
      direction: 'internal',
      party: { raw: '102', name: null, withheld: false },
      dialled: null,
    } as const;
    const legs = [talked('101', 5, 35), talked('102', 5, 35)];
    const branch = await Branch.open({ internal: true });
    await branch.tell(answered(legs, 35, internal));
    expect(branch.rows()).toEqual([{ ...row, phone: '102', type: 1, userId: 1, duration: 30 }]);
  });

  it('carries the card of its client, its line and its true start, and creates nothing', async () => {
    const branch = await Branch.open({ calls: { source: 'CALL', sources: { main: 'ADVERTISING' } } });
    const id = addCard(branch.portal.core, 'CONTACT', { NAME: 'Ivan' }, 1);
    await branch.addClient(`contact-${id}`, null);
    const result = await branch.tell(missed([rang('101', 1, 20)], 20));
    expect(registrations(branch)).toMatchObject([
      {
        USER_ID: '1',
        PHONE_NUMBER: phone,
        TYPE: '2',
        CALL_START_DATE: '2026-11-24T09:00:00+00:00',
        CRM_CREATE: '0',
        CRM_ENTITY_TYPE: 'CONTACT',
        CRM_ENTITY_ID: String(id),
        SHOW: '0',
        LINE_NUMBER: '74951234567',
      },
    ]);
    expect(result).toEqual({ kind: 'done', link: { id: '1', url: null, client: `contact-${id}`, deal: null } });
  });

  it('of a stranger makes a lead of the line’s source, by setting', async () => {
    const branch = await Branch.open({ calls: { create: true, source: 'CALL', sources: { main: 'ADVERTISING' } } });
    await branch.tell(answered([talked('101', 5, 35)], 35));
    expect(branch.portal.core.cards.LEAD.get(1)).toMatchObject({ SOURCE_ID: 'ADVERTISING', ASSIGNED_BY_ID: '1' });
    expect(branch.portal.state.complaints).toEqual([]);
  });

  it('of a caller without a number is reported, and makes no lead', async () => {
    const branch = await Branch.open({ calls: { create: true } });
    await branch.tell(missed([rang('101', 1, 20)], 20, { party: { raw: '', name: null, withheld: true } }));
    expect(branch.rows()).toEqual([{ ...miss, phone: '0000000000', userId: 1 }]);
    expect(branch.portal.core.cards.LEAD.get(1)).toBeNull();
  });

  it('opens no card if that is set so', async () => {
    const branch = await Branch.open({ show: false });
    await branch.tell(ringing([rings('101')]));
    await branch.tell(talking([talked('101', 5, null)]));
    expect(branch.count(register)).toBe(1);
    expect(branch.count('telephony.externalCall.show')).toBe(0);
  });

  it('reconstructed after a restart is reported with its true time', async () => {
    const branch = await Branch.open();
    branch.pass(86_400);
    await branch.tell(answered([talked('101', 5, 35)], 35, { basis: 'record', reconstructed: true }));
    expect(branch.rows()).toEqual([{ ...row, userId: 1, duration: 30 }]);
    expect(branch.count('batch')).toBe(1);
    expect(branch.portal.state.chatNotices).toEqual([]);
  });

  it('that a stranger answered, to whom it was passed on, is no miss', async () => {
    const branch = await Branch.open();
    const outside = { ...talked('', 20, 50), kind: 'mobile', extension: null, phone: '+79990000000' } as const;
    await branch.tell(answered([machine('ivr', 0, 19), outside], 50));
    expect(branch.rows()).toMatchObject([{ code: '200', userId: 9 }]);
    expect(branch.rows()).not.toMatchObject([{ duration: 0 }]);
  });

  it('of a fax machine is no miss', async () => {
    const branch = await Branch.open();
    await branch.tell(missed([rang('101', 1, 20)], 20, { automatic: 'fax' }));
    expect(branch.rows()).toEqual([{ ...miss, code: 'OTHER', userId: 1 }]);
  });

  it('that somebody takes twice is one call of theirs', async () => {
    const branch = await Branch.open();
    await branch.tell(answered([talked('101', 5, 20), talked('102', 20, 40, 18), talked('101', 40, 50, 39)], 50));
    expect(branch.rows()).toMatchObject([
      { userId: 1, duration: 25 },
      { userId: 2, duration: 20 },
    ]);
  });

  it('that proves to be another one closes its cards, and is not reported twice', async () => {
    const branch = await Branch.open();
    await branch.tell({ ...ringing([rings('102')]), key: eventKey('pbx', 'b') });
    await branch.tell(ringing([rings('101')]));
    expect(branch.openCards()).toEqual([2, 1]);
    await branch.tell(answered([talked('101', 5, 35)], 35, { aliases: [eventKey('pbx', 'b')] }));
    await branch.deliver();
    expect(branch.openCards()).toEqual([]);
    expect(branch.rows()).toHaveLength(1);
  });
});
