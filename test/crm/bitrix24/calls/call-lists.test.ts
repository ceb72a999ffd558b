import { describe, expect, it } from 'vitest';
import { clickedStep, clickedText } from '../../../../src/crm/bitrix24/calls/reported.ts';
import { addCard } from '../../../support/bitrix24/crm/card-changes.ts';
import { Branch, phone } from './branch.ts';
import { at, outbound, rang, rings, talked } from './flows.ts';

/** Boris (user 2) works through a list with one company. A contact has the same number, and is found first by it. */
async function openList() {
  const branch = await Branch.open();
  const { core, people, state } = branch.portal;
  addCard(core, 'CONTACT', { NAME: 'Ivan', PHONE: [phone] }, 1);
  const company = { kind: 'COMPANY', id: addCard(core, 'COMPANY', { TITLE: 'A', PHONE: [phone] }, 1) } as const;
  const list = {
    id: 7,
    kind: company.kind,
    createdBy: 2,
    createdAt: core.now(),
    webform: null,
    items: new Map([[company.id, 'IN_WORK']]),
    calls: new Map<number, string>(),
  };
  state.callLists.set(list.id, list);
  const callId = await people.clickToCall(2, phone, { callListId: list.id, card: company });
  await branch.emit(outbound('ringing', [rings('102')], null));
  const [call] = await branch.calls();
  const of = { destination: 'b24', kind: 'interaction', subject: call?.id ?? '' } as const;
  const remote = clickedText({ callId, of: { list: list.id, card: { kind: 'company', id: company.id } } });
  await branch.apply([{ op: 'ledger', of, step: clickedStep, state: 'done', remote, at: at(0) }]);
  return { branch, list, company, callId };
}

describe('a call that was clicked in a call list of the portal', () => {
  it('is entered there with its result when it is finished', async () => {
    const { branch, list, company, callId } = await openList();
    const result = { reason: 'busy', cause: null } as const;
    await branch.tell(outbound('unanswered', [rang('102', 0, 20)], 20, { result }));
    expect([...list.calls]).toEqual([[company.id, callId]]);
    expect(branch.portal.state.statistics.get(callId)).toMatchObject({ code: '486', card: company });
    expect(branch.portal.state.complaints).toEqual([]);
  });

  it('is entered there too if the portal no longer knows the click', async () => {
    const { branch, list, company, callId } = await openList();
    branch.portal.state.calls.delete(callId);
    await branch.tell(outbound('answered', [talked('102', 9, 39)], 39));
    const entered = list.calls.get(company.id) ?? '';
    expect(entered).not.toBe(callId);
    expect(branch.portal.state.statistics.get(entered)).toMatchObject({ code: '200', duration: 30, card: company });
    expect(branch.portal.state.statistics.size).toBe(1);
  });

  it('that is passed on is entered once, with the first talk', async () => {
    const { branch, list, company, callId } = await openList();
    branch.portal.state.calls.delete(callId);
    await branch.tell(outbound('answered', [talked('102', 9, 19), talked('101', 19, 39)], 39));
    const entered = list.calls.get(company.id) ?? '';
    expect(branch.portal.state.statistics.size).toBe(2);
    expect(branch.portal.state.statistics.get(entered)).toMatchObject({ userId: 2, duration: 10 });
  });
});
