import { describe, expect, it } from 'vitest';
import { call, leg } from '../../../support/calls.ts';
import { answerTo, letter, writtenAt } from '../../../support/written.ts';
import { Bureau } from './bureau.ts';
import { form } from './contacts.ts';

const ivan = [{ kind: 'email', value: 'ivan@example.com' }] as const;
const todos = (bureau: Bureau) =>
  bureau
    .all()
    .filter((_, index) => [...bureau.portal.state.activities.values()][index]?.fields.PROVIDER_ID === 'CRM_TODO');

describe('a task', () => {
  it('is a to-do of an unanswered letter, completed by the answer', async () => {
    const bureau = await Bureau.open({ tasks: { unanswered: true } });
    const contact = bureau.card('CONTACT', { NAME: 'Ivan' });
    await bureau.know(`contact-${contact}`, ivan);
    await bureau.take(letter('1'));
    expect(todos(bureau)).toEqual([
      { subject: 'Answer: Ivan', direction: '', completed: 'N', user: '1', on: [`contact-${contact}`] },
    ]);
    await bureau.take(answerTo('1', '2'));
    expect(todos(bureau)).toMatchObject([{ completed: 'Y' }]);
    expect(bureau.count('crm.activity.todo.add')).toBe(1);
    expect(bureau.portal.state.complaints).toEqual([]);
  });

  it('is a to-do on the lead of somebody unknown', async () => {
    const bureau = await Bureau.open({ tasks: { unanswered: true } });
    await bureau.take(form('1'));
    expect(todos(bureau)).toMatchObject([{ subject: 'Answer: Petr', on: ['lead-1'] }]);
  });

  it('passes on to the manager who has it now', async () => {
    const bureau = await Bureau.open({ tasks: { unanswered: true } });
    const contact = bureau.card('CONTACT', { NAME: 'Ivan' });
    await bureau.know(`contact-${contact}`, ivan);
    await bureau.take(letter('1'));
    const [task] = (await bureau.store.read.tasks({ limit: 1, cursor: null })).items;
    const to = { id: 'boris', name: 'Manager boris' };
    await bureau.apply([{ op: 'escalate-task', id: task?.id ?? '', to, at: bureau.now }]);
    await bureau.deliver();
    expect(todos(bureau)).toMatchObject([{ user: '2', completed: 'N' }]);
  });

  it.each([
    [{ missed: true }, 1],
    [{ unanswered: true }, 0],
    [{}, 0],
  ])('is wanted by the settings: a missed call with %j', async (tasks, count) => {
    const bureau = await Bureau.open({ tasks }, { webhookCallsRefused: false });
    const contact = bureau.card('CONTACT', { NAME: 'Ivan' });
    await bureau.know(`contact-${contact}`, [{ kind: 'phone', value: '+79161234567' }]);
    const end = writtenAt + 20_000;
    const legs = [leg('101', { rangAt: writtenAt, endedAt: end, outcome: 'no_answer' })];
    await bureau.take(call('1', { state: 'missed', startedAt: writtenAt, endedAt: end, legs }));
    expect(todos(bureau)).toHaveLength(count);
  });

  it('is not told if it was done before the portal could be reached', async () => {
    const bureau = await Bureau.open({ tasks: { unanswered: true } });
    const contact = bureau.card('CONTACT', { NAME: 'Ivan' });
    await bureau.know(`contact-${contact}`, ivan);
    await bureau.intake.emit(letter('1'));
    await bureau.take(answerTo('1', '2'));
    expect(todos(bureau)).toEqual([]);
  });
});
