import { describe, expect, it } from 'vitest';
import type { Interaction } from '../../../../src/domain/interaction/interaction.ts';
import type { StatisticsRow } from '../../../support/bitrix24/state.ts';
import { message } from '../written/contacts.ts';
import { OfficeDay, told } from './office-day.ts';

const isRecorded = ({ recordings }: Interaction) => recordings.length > 0;
const isTransferred = ({ legs }: Interaction) => legs.length === 2;
const isMissed = ({ state }: Interaction) => state === 'missed';
const isQuestion = ({ channel, direction }: Interaction) => channel === 'email' && direction === 'inbound';

/** The first row of the statistics that stands for a contact. */
async function rowOf(office: OfficeDay, is: (contact: Interaction) => boolean): Promise<StatisticsRow> {
  const [row] = office.rows(await office.contact(is));
  if (row === undefined) throw new Error('expected the call in the statistics');
  return row;
}

describe('the comparison of a day', () => {
  it('counts by channel: ours, theirs, what waits, and calls of another telephony', async () => {
    const office = await OfficeDay.open();
    const { bureau } = office;
    const before = await office.compare();
    expect(told(before)).toEqual([]);
    expect(before.counts).toEqual({
      call: { stored: 3, ours: 3, theirs: 3, waiting: 0, unknown: 0 },
      email: { stored: 2, ours: 2, theirs: 2, waiting: 0, unknown: 0 },
      form: { stored: 1, ours: 1, theirs: 1, waiting: 0, unknown: 0 },
    });
    expect([before.waiting, before.surplus]).toEqual([[], 0]);
    expect(bureau.portal.state.complaints).toEqual([]);

    const row = await rowOf(office, isMissed);
    for (let id = 100; id < 800; id += 1)
      bureau.portal.state.statistics.set(`o${id}`, { ...row, id, callId: `o${id}`, externalCallId: null });
    const question = await office.contact(isQuestion);
    await bureau.apply([
      { op: 'deliver-again', of: { destination: 'b24', kind: 'interaction', subject: question.id }, ledger: [], at: 1 },
    ]);
    const { counts, waiting, found } = await office.compare();
    expect(counts.call).toMatchObject({ ours: 3, theirs: 3, unknown: 700 });
    expect(counts.email).toMatchObject({ ours: 2, theirs: 1, waiting: 1 });
    expect(waiting).toMatchObject([{ interaction: question.id, state: 'due' }]);
    expect(found).toEqual([]);
  });

  it('concludes nothing from a portal that does not answer everything', async () => {
    const office = await OfficeDay.open();
    const { faults, state } = office.bureau.portal;
    state.statistics.clear();
    for (const fault of ['500', 'empty', 'malformed'] as const) {
      for (const method of ['voximplant.statistic.get', 'crm.activity.list']) {
        faults.on(method, fault, { times: 5 });
        await expect(office.compare()).rejects.toMatchObject({ name: 'ServiceError' });
        faults.clear();
      }
      // The look for what was not listed fails.
      faults.on('voximplant.statistic.get', fault, { nth: 2, times: 5 });
      await expect(office.repair()).rejects.toMatchObject({ name: 'ServiceError' });
      faults.clear();
    }
    expect((await office.bureau.owed()).every((owed) => owed.state === 'done')).toBe(true);
  });
});

describe('a call', () => {
  it('that the portal has lost is registered afterwards, without a second activity', async () => {
    const office = await OfficeDay.open();
    const { portal } = office.bureau;
    const row = await rowOf(office, isRecorded);
    portal.state.statistics.delete(row.callId);
    expect(told(await office.compare())).toEqual(['missing call call 1']);
    const activities = portal.state.activities.size;
    expect(await office.repair()).toEqual(['missing call 1: owed']);
    const again = office.rows(await office.contact(isRecorded));
    expect(again).toMatchObject([{ duration: 30, userId: 1, startedAt: row.startedAt, code: '200' }]);
    expect(portal.state.calls.get(again[0]?.callId ?? '')?.everShownTo).toEqual(new Set());
    expect(again[0]?.recordFileId).not.toBeNull();
    expect(portal.state.activities.size).toBe(activities);
    expect(told(await office.compare())).toEqual([]);
  });

  it('without its recording gets it again, unless that is impossible', async () => {
    const office = await OfficeDay.open();
    const row = await rowOf(office, isRecorded);
    row.recordFileId = null;
    expect(told(await office.compare())).toEqual(['different call call 1 recording true/false']);
    expect(await office.repair()).toEqual(['different call 1: owed']);
    expect(row.recordFileId).not.toBeNull();
    expect(told(await office.compare())).toEqual([]);

    row.recordFileId = null;
    const call = await office.contact(isRecorded);
    // As if Anna had been another user of the portal when the call was delivered.
    await office.renameStep(call, 'finish 1 1', 'finish 1 3');
    expect(told(await office.compare()).join()).toContain('recording true/false, impossible: managers of the call');
    await office.renameStep(call, 'finish 1 3', 'finish 1 1');

    await office.loseSound();
    expect(told(await office.compare())).toEqual([
      'different call call 1 recording true/false, impossible: the recording is no longer here',
    ]);
    expect(await office.repair()).toEqual(['different call 1: left']);
  });

  it('that is different or doubled there stays so in the statistics, which is said', async () => {
    const office = await OfficeDay.open();
    const { statistics, activities } = office.bureau.portal.state;
    const [first, second] = office.rows(await office.contact(isTransferred));
    if (first === undefined || second === undefined) throw new Error('expected two calls in the statistics');
    statistics.set(first.callId, { ...first, duration: 99, userId: 3 });
    statistics.set(second.callId, { ...second, code: '304', type: 1, card: { kind: 'COMPANY', id: 8 } });
    const never = 'impossible: Bitrix24 does not let a finished call be changed';
    expect(told(await office.compare())).toEqual([
      `different call call 1 seconds 30/99, ${never}`,
      `different call call 1 person 1/3, ${never}`,
      `different call call 2 status 200/304, ${never}`,
      `different call call 2 direction inbound/outbound, ${never}`,
      `different call call 2 client contact-1/company-8, ${never}`,
    ]);
    expect(new Set(await office.repair())).toEqual(new Set(['different call 1: left', 'different call 2: left']));
    for (const row of [first, second]) statistics.set(row.callId, row);

    const row = await rowOf(office, isRecorded);
    const activity = activities.get(row.activityId ?? 0);
    if (activity === undefined) throw new Error('expected the activity of the call');
    activities.set(900, { ...activity, id: 900 });
    statistics.set('double', { ...row, id: 900, callId: 'double', activityId: 900 });
    expect(told(await office.compare())).toEqual(['doubled call call 1']);
    expect(await office.repair()).toEqual(['doubled call 1: removed']);
    expect([activities.has(900), activities.has(activity.id)]).toEqual([false, true]);
    expect(told(await office.compare())).toEqual([
      'doubled call call 1, settled: Bitrix24 keeps a doubled call in its statistics, where nothing can be deleted; it has no activity',
    ]);
  });
});

describe('what people of the portal can delete', () => {
  it('is left deleted, unless it is to be restored; what is doubled or wrong is corrected', async () => {
    const office = await OfficeDay.open();
    const { activities, comments } = office.bureau.portal.state;
    const question = await office.contact(isQuestion);
    const own = office.activity(question);
    activities.set(900, { ...own, id: 900 });
    own.fields = { ...own.fields, COMMUNICATIONS: [{ TYPE: 'EMAIL', ENTITY_TYPE_ID: '4', ENTITY_ID: '77' }] };
    expect(told(await office.compare())).toEqual([
      'different email activity client contact-1/company-77',
      'doubled email activity',
    ]);
    expect(await office.repair()).toEqual(['different activity: owed', 'doubled activity: removed']);
    expect([activities.has(900), activities.has(own.id)]).toEqual([false, true]);
    expect(told(await office.compare())).toEqual([]);

    activities.delete(own.id);
    comments.clear();
    expect(told(await office.compare())).toEqual(['deleted email activity', 'deleted form comment']);
    expect(await office.repair()).toEqual(['deleted activity: left', 'deleted comment: left']);
    expect(told(await office.compare())).toHaveLength(2);
    expect(await office.repair({ restore: true })).toEqual(['deleted activity: owed', 'deleted comment: owed']);
    expect(office.activity(question).fields).toMatchObject({ SUBJECT: 'Pumps', DIRECTION: 1 });
    expect(comments.size).toBe(1);
    expect(told(await office.compare())).toEqual([]);
  });

  it('includes messages and forms that are activities of an application', async () => {
    const office = await OfficeDay.open({ written: { provider: 'OUR_APP' } });
    const { activities } = office.bureau.portal.state;
    await office.bureau.take(
      message('hello', { party: { phone: null, email: 'ivan@example.com', account: null, name: 'Ivan' } }),
    );
    const before = await office.compare();
    expect(told(before)).toEqual([]);
    expect(before.counts).toMatchObject({ form: { theirs: 1 }, message: { theirs: 1 } });
    activities.delete(office.activity(await office.contact(({ channel }) => channel === 'form')).id);
    expect(told(await office.compare())).toEqual(['deleted form activity']);
  });

  it('includes the lead of a call, which is made anew while the call is young', async () => {
    const office = await OfficeDay.open();
    const { bureau } = office;
    const { core, state } = bureau.portal;
    const [lead] = bureau.portal.cards('LEAD');
    core.cards.LEAD.delete(Number(lead?.ID));
    expect(told(await office.compare())).toEqual(['deleted call card']);
    expect(await office.repair()).toEqual(['deleted card: left']);
    expect(await office.repair({ restore: true })).toEqual(['deleted card: owed']);
    const [again] = bureau.portal.cards('LEAD');
    expect(again).toMatchObject({ TITLE: 'Call from +79037654321' });
    expect(told(await office.compare())).toEqual([]);
    expect(office.rows(await office.contact(isMissed))).toHaveLength(1);
    expect(state.complaints).toEqual([]);

    bureau.pass(8 * 86_400);
    core.cards.LEAD.delete(Number(again?.ID));
    expect(told(await office.compare())).toEqual([
      'deleted call card, impossible: contacts older than 7 days make no leads and deals',
    ]);
  });
});
