import { describe, expect, it } from 'vitest';
import { answerTo, letter } from '../../../support/written.ts';
import { anna, Bureau } from './bureau.ts';
import { form } from './contacts.ts';

/** An office with a contact of somebody unknown, whose lead can't be made at first. */
async function withStranger(contact = form('1')) {
  const bureau = await Bureau.open({ tasks: { unanswered: true } });
  bureau.portal.faults.on('crm.lead.add', 'too-many', { times: 3 });
  await bureau.intake.emit(contact);
  return bureau;
}

describe('what belongs on a lead that is made later', () => {
  it('is a to-do, however long the portal was away before', async () => {
    const bureau = await withStranger();
    bureau.pass(2 * 86_400);
    await bureau.deliver();
    expect(bureau.on('LEAD', 1)).toMatchObject([{ subject: 'Answer: Petr', completed: 'N' }]);
  });

  it('is its manager, who has taken ours meanwhile', async () => {
    const bureau = await withStranger();
    bureau.pass(2 * 86_400);
    const [lead] = (await bureau.store.read.leads({ limit: 1, cursor: null })).items;
    await bureau.apply([{ op: 'lead', id: lead?.id ?? '', act: { kind: 'take' }, by: anna, at: bureau.now }]);
    await bureau.deliver();
    expect(bureau.portal.cards('LEAD')).toMatchObject([{ ASSIGNED_BY_ID: 1 }]);
  });

  it('is our answer', async () => {
    const bureau = await withStranger(letter('1'));
    await bureau.take(answerTo('1', '2'));
    const letters = bureau.on('LEAD', 1).map(({ direction }) => direction);
    expect(letters.toSorted()).toEqual(['1', '2']);
    expect(bureau.portal.state.sentLetters).toEqual([]);
  });
});
