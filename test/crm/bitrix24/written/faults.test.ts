import { describe, expect, it } from 'vitest';
import type { FaultKind } from '../../../support/bitrix24/faults.ts';
import { answerTo, letter } from '../../../support/written.ts';
import { anna, Bureau } from './bureau.ts';
import { form, message } from './contacts.ts';

const kinds: readonly FaultKind[] = [
  '500',
  '500-after',
  'html',
  'malformed',
  'empty',
  'cut-before',
  'cut-after',
  'hang-after',
];

/** A day with everything that is delivered: it ends in the same state, whatever happens on the way. */
async function day(bureau: Bureau): Promise<void> {
  const ivan = bureau.card('CONTACT', { NAME: 'Ivan' });
  const petr = bureau.card('CONTACT', { NAME: 'Petr' });
  bureau.card('DEAL', { TITLE: 'Pumps', CONTACT_ID: String(ivan), CLOSED: 'N' });
  await bureau.know(`contact-${ivan}`, [
    { kind: 'email', value: 'ivan@example.com' },
    { kind: 'account', value: 'telegram:77' },
  ]);
  const petrId = await bureau.know(`contact-${petr}`, []);
  await bureau.take(letter('1', { attachments: [await bureau.file('a.txt', 'a')] }));
  await bureau.take(answerTo('1', '2', { manager: 'anna' }));
  await bureau.take(message('3'));
  await bureau.take(message('3', { text: 'Edited' }));
  await bureau.take(form('4'), form('5'));
  for (const contact of await bureau.contacts()) {
    const isIvans = contact.direction === 'inbound' && contact.channel !== 'form';
    if (isIvans) await bureau.decide(contact, { client: petrId });
  }
  const [lead] = (await bureau.store.read.leads({ limit: 1, cursor: null })).items;
  if (lead === undefined) throw new Error('no lead');
  await bureau.apply([{ op: 'lead', id: lead.id, act: { kind: 'reject', reason: 'Spam' }, by: anna, at: bureau.now }]);
  await bureau.deliver();
}

/** What the portal's users see in the end. */
async function endOf(bureau: Bureau) {
  const { portal } = bureau;
  const comments = [...portal.state.comments.values()].map(({ bindings, text }) => ({
    on: bindings.map(({ kind, id }) => `${kind}-${id}`).toSorted(),
    text: text.replace(/Patchbay \S+$/, ''),
  }));
  const states = (await bureau.owed()).map(({ kind, state }) => `${kind} ${state}`).toSorted();
  const leads = portal
    .cards('LEAD')
    .map(({ TITLE, STATUS_ID, ASSIGNED_BY_ID }) => ({ TITLE, STATUS_ID, ASSIGNED_BY_ID }));
  const sorted = <Row>(rows: readonly Row[]) =>
    rows.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  const { sentLetters } = portal.state;
  return { activities: sorted(bureau.all()), comments: sorted(comments), leads, states, sentLetters };
}

const settings = { tasks: { unanswered: true } };
const open = () => Bureau.open(settings);

/** The methods of the day, in the order of their first calls; `batch` stands for what goes in batches. */
const methods = [
  'crm.activity.add',
  'crm.activity.update',
  'crm.activity.todo.add',
  'crm.activity.binding.add',
  'crm.activity.binding.delete',
  'crm.timeline.comment.add',
  'crm.timeline.comment.update',
  'crm.timeline.bindings.list',
  'crm.timeline.bindings.bind',
  'crm.timeline.bindings.unbind',
  'crm.lead.add',
  'crm.lead.update',
  'crm.lead.list',
  'crm.duplicate.findbycomm',
  'crm.tracking.trace.add',
  'crm.deal.list',
  'crm.status.list',
  'crm.settings.mode.get',
  'user.get',
];

describe('whatever goes wrong on the way', () => {
  let wanted: Awaited<ReturnType<typeof endOf>>;

  it('calls every method that faults are injected into', async () => {
    const bureau = await open();
    await day(bureau);
    expect(methods.filter((method) => bureau.count(method) === 0)).toEqual([]);
    expect(bureau.portal.state.complaints).toEqual([]);
    expect(bureau.portal.state.sentLetters).toEqual([]);
    wanted = await endOf(bureau);
    expect(wanted.states.every((state) => state.endsWith('done'))).toBe(true);
  });

  it.each(methods.map((method, index) => [method, index] as const))(
    'nothing is doubled or lost: %s',
    async (method, index) => {
      const bureau = await open();
      // The first call fails in one way and the repeats in others; each method begins elsewhere.
      const rotated = [...kinds.slice(index % kinds.length), ...kinds.slice(0, index % kinds.length)];
      for (const [at, kind] of rotated.entries()) bureau.portal.faults.on(method, kind, { nth: 1 + at });
      await day(bureau);
      expect(bureau.portal.faults.happened.length).toBeGreaterThan(0);
      expect(await endOf(bureau)).toEqual(wanted);
    },
    60_000,
  );

  it('survives being killed between two writes to the ledger', async () => {
    let isOver = false;
    for (let writes = 0; !isOver; writes += 5) {
      const bureau = await open();
      bureau.deliveries.killAfter = writes;
      await day(bureau);
      isOver = bureau.deliveries.kills === 0;
      expect(await endOf(bureau), `killed after ${writes} writes`).toEqual(wanted);
    }
  }, 240_000);
});
