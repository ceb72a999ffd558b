import { describe, expect, it } from 'vitest';
import type { Interaction } from '../../../../src/domain/interaction/interaction.ts';
import { OfficeDay, told } from './office-day.ts';

const isRecorded = ({ recordings }: Interaction) => recordings.length > 0;
const isTransferred = ({ legs }: Interaction) => legs.length === 2;
const isMissed = ({ state }: Interaction) => state === 'missed';
const isQuestion = ({ channel, direction }: Interaction) => channel === 'email' && direction === 'inbound';

describe('the comparison of a day', () => {
  it('finds no difference where the portal has everything, and counts by channel', async () => {
    const office = await OfficeDay.open();
    const compared = await office.compare();
    expect(told(compared)).toEqual([]);
    expect(compared.counts).toEqual({
      call: { stored: 3, ours: 3, theirs: 3, waiting: 0, unknown: 0 },
      email: { stored: 2, ours: 2, theirs: 2, waiting: 0, unknown: 0 },
      form: { stored: 1, ours: 1, theirs: 1, waiting: 0, unknown: 0 },
    });
    expect([compared.waiting, compared.surplus]).toEqual([[], 0]);
    expect(office.bureau.portal.state.complaints).toEqual([]);
  });

  it('registers a call afterwards that the portal has lost, without a second activity', async () => {
    const office = await OfficeDay.open();
    const { portal } = office.bureau;
    const [row] = office.rows(await office.contact(isRecorded));
    portal.state.statistics.delete(row?.callId ?? '');
    expect(told(await office.compare())).toEqual(['missing call call 1']);
    const activities = portal.state.activities.size;
    expect(await office.repair()).toEqual(['missing call 1: owed']);
    const again = office.rows(await office.contact(isRecorded));
    expect(again).toMatchObject([{ duration: 30, userId: 1, startedAt: row?.startedAt, code: '200' }]);
    expect(portal.state.calls.get(again[0]?.callId ?? '')?.everShownTo).toEqual(new Set());
    expect(again[0]?.recordFileId).not.toBeNull();
    expect(portal.state.activities.size).toBe(activities);
    expect(told(await office.compare())).toEqual([]);
  });

  it('attaches a recording again that is missing there, unless its sound is gone here as well', async () => {
    const office = await OfficeDay.open();
    const [row] = office.rows(await office.contact(isRecorded));
    if (row === undefined) throw new Error('no row');
    row.recordFileId = null;
    expect(told(await office.compare())).toEqual(['different call call 1 recording true/false']);
    expect(await office.repair()).toEqual(['different call 1: owed']);
    expect(row.recordFileId).not.toBeNull();
    expect(told(await office.compare())).toEqual([]);

    row.recordFileId = null;
    await office.loseSound();
    expect(told(await office.compare())).toEqual([
      'different call call 1 recording true/false, impossible: the recording is no longer here',
    ]);
    expect(await office.repair()).toEqual(['different call 1: left']);
  });

  it('names what is different of a call, and says that nothing can change it', async () => {
    const office = await OfficeDay.open();
    const { statistics } = office.bureau.portal.state;
    const [first, second] = office.rows(await office.contact(isTransferred));
    if (first === undefined || second === undefined) throw new Error('no rows');
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
  });

  it('removes the activity of a doubled call, whose statistics stay', async () => {
    const office = await OfficeDay.open();
    const { state } = office.bureau.portal;
    const [row] = office.rows(await office.contact(isRecorded));
    const activity = state.activities.get(row?.activityId ?? 0);
    if (row === undefined || activity === undefined) throw new Error('no row');
    state.activities.set(900, { ...activity, id: 900 });
    state.statistics.set('double', { ...row, id: 900, callId: 'double', activityId: 900 });
    expect(told(await office.compare())).toEqual(['doubled call call 1']);
    expect(await office.repair()).toEqual(['doubled call 1: removed']);
    expect([state.activities.has(900), state.activities.has(activity.id)]).toEqual([false, true]);
    expect(told(await office.compare())).toEqual([
      'doubled call call 1, settled: Bitrix24 keeps a doubled call in its statistics, where nothing can be deleted; it has no activity',
    ]);
  });

  it('removes an activity that the ledger does not name', async () => {
    const office = await OfficeDay.open();
    const { activities } = office.bureau.portal.state;
    const own = office.activity(await office.contact(isQuestion));
    activities.set(900, { ...own, id: 900 });
    expect(told(await office.compare())).toEqual(['doubled email activity']);
    expect(await office.repair()).toEqual(['doubled activity: removed']);
    expect([activities.has(900), activities.has(own.id)]).toEqual([false, true]);
  });

  it('leaves deleted what people there have deleted, unless it is to be restored', async () => {
    const office = await OfficeDay.open();
    const { state } = office.bureau.portal;
    const question = await office.contact(isQuestion);
    state.activities.delete(office.activity(question).id);
    state.comments.clear();
    expect(told(await office.compare())).toEqual(['deleted email activity', 'deleted form comment']);
    expect(await office.repair()).toEqual(['deleted activity: left', 'deleted comment: left']);
    expect(told(await office.compare())).toHaveLength(2);
    expect(await office.repair({ restore: true })).toEqual(['deleted activity: owed', 'deleted comment: owed']);
    expect(office.activity(question).fields).toMatchObject({ SUBJECT: 'Pumps', DIRECTION: 1 });
    expect(state.comments.size).toBe(1);
    expect(told(await office.compare())).toEqual([]);
  });

  it('makes a lost lead anew if it is to be restored', async () => {
    const office = await OfficeDay.open();
    const { core, state } = office.bureau.portal;
    const [lead] = office.bureau.portal.cards('LEAD');
    core.cards.LEAD.delete(Number(lead?.ID));
    expect(told(await office.compare())).toEqual(['deleted call card']);
    expect(await office.repair()).toEqual(['deleted card: left']);
    expect(await office.repair({ restore: true })).toEqual(['deleted card: owed']);
    expect(office.bureau.portal.cards('LEAD')).toMatchObject([{ TITLE: 'Call from +79037654321' }]);
    expect(told(await office.compare())).toEqual([]);
    expect(office.rows(await office.contact(isMissed))).toHaveLength(1);
    expect(state.complaints).toEqual([]);
  });

  it('corrects an activity that stands with another client, and keeps its files', async () => {
    const office = await OfficeDay.open();
    const own = office.activity(await office.contact(isQuestion));
    own.fields = { ...own.fields, COMMUNICATIONS: [{ TYPE: 'EMAIL', ENTITY_TYPE_ID: '4', ENTITY_ID: '77' }] };
    expect(told(await office.compare())).toEqual(['different email activity client contact-1/company-77']);
    expect(await office.repair()).toEqual(['different activity: owed']);
    expect(told(await office.compare())).toEqual([]);
  });

  it('counts calls of another telephony, and names what still waits', async () => {
    const office = await OfficeDay.open();
    const { bureau } = office;
    const [row] = office.rows(await office.contact(isMissed));
    if (row === undefined) throw new Error('no row');
    bureau.portal.state.statistics.set('other', { ...row, id: 900, callId: 'other', externalCallId: null });
    const question = await office.contact(isQuestion);
    await bureau.apply([
      { op: 'deliver-again', of: { destination: 'b24', kind: 'interaction', subject: question.id }, ledger: [], at: 1 },
    ]);
    const { counts, waiting, found } = await office.compare();
    expect(counts.call).toMatchObject({ ours: 3, theirs: 3, unknown: 1 });
    expect(counts.email).toMatchObject({ ours: 2, theirs: 1, waiting: 1 });
    expect(waiting).toMatchObject([{ interaction: question.id, state: 'due' }]);
    expect(found).toEqual([]);
  });

  it('reads long lists page by page', async () => {
    const office = await OfficeDay.open();
    const [row] = office.rows(await office.contact(isMissed));
    if (row === undefined) throw new Error('no row');
    for (let id = 100; id < 800; id += 1)
      office.bureau.portal.state.statistics.set(`o${id}`, { ...row, id, callId: `o${id}`, externalCallId: null });
    expect((await office.compare()).counts.call).toMatchObject({ theirs: 3, unknown: 700 });
  });

  it.each(['500', 'empty', 'malformed'] as const)('concludes nothing from a portal that answers %s', async (fault) => {
    const office = await OfficeDay.open();
    const { faults, state } = office.bureau.portal;
    state.statistics.clear();
    for (const method of ['voximplant.statistic.get', 'crm.activity.list']) {
      faults.on(method, fault, { times: 5 });
      await expect(office.compare()).rejects.toMatchObject({ name: 'ServiceError' });
      faults.clear();
    }
    // The look for what was not listed fails.
    faults.on('voximplant.statistic.get', fault, { nth: 2, times: 5 });
    await expect(office.repair()).rejects.toMatchObject({ name: 'ServiceError' });
    expect((await office.bureau.owed()).every(({ state }) => state === 'done')).toBe(true);
  });
});
