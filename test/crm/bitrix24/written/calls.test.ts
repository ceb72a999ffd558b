import { describe, expect, it } from 'vitest';
import { callStart, endedCall, leg } from '../../../support/calls.ts';
import { writtenAt } from '../../../support/written.ts';
import { Bureau } from './bureau.ts';

const phone = [{ kind: 'phone', value: '+79161234567' }] as const;

async function withTwo() {
  const bureau = await Bureau.open({}, { webhookCallsRefused: false });
  const [ivan, petr] = [bureau.card('CONTACT', { NAME: 'Ivan' }), bureau.card('CONTACT', { NAME: 'Petr' })];
  await bureau.know(`contact-${ivan}`, phone);
  const petrId = await bureau.know(`contact-${petr}`, []);
  await bureau.take(endedCall('1', { startedAt: callStart }));
  const [call] = await bureau.contacts();
  if (call === undefined) throw new Error('no call');
  return { bureau, ivan, petr, petrId, call };
}

describe("a finished call's activity", () => {
  it('moves to the client whom the call belongs to', async () => {
    const { bureau, ivan, petr, petrId, call } = await withTwo();
    expect([bureau.on('CONTACT', ivan).length, bureau.on('CONTACT', petr).length]).toEqual([1, 0]);
    await bureau.decide(call, { client: petrId });
    expect([bureau.on('CONTACT', ivan).length, bureau.on('CONTACT', petr).length]).toEqual([0, 1]);
    expect(bureau.portal.state.statistics.size).toBe(1);
  });

  it('is deleted if the call belongs to no client', async () => {
    const { bureau, call } = await withTwo();
    await bureau.decide(call, { client: null });
    expect(bureau.all()).toEqual([]);
  });

  it('stands on the lead that a stranger has become', async () => {
    const bureau = await Bureau.open({}, { webhookCallsRefused: false });
    const [answered, end] = [writtenAt + 5000, writtenAt + 35_000];
    const talked = leg('101', { rangAt: writtenAt, talkedAt: answered, endedAt: end, outcome: 'answered' });
    await bureau.take(endedCall('1', { startedAt: writtenAt, endedAt: end, legs: [talked] }));
    expect(bureau.portal.cards('LEAD')).toMatchObject([{ TITLE: 'Call from Ivan', SOURCE_ID: 'CALL' }]);
    expect(bureau.on('LEAD', 1)).toHaveLength(1);
  });
});
