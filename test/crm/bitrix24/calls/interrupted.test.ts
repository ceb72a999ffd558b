import { describe, expect, it } from 'vitest';
import { eventKey } from '../../../../src/domain/base/ids.ts';
import type { CallRecording, CallSnapshot } from '../../../../src/domain/interaction/contact-event.ts';
import type { FaultKind } from '../../../support/bitrix24/faults.ts';
import { Branch, phone } from './branch.ts';
import { answered, missed, rang, ringing, rings, talked, talking } from './flows.ts';

/** A call that two telephones ring for, that is answered, transferred and recorded. */
function live(recordings: readonly CallRecording[]): readonly CallSnapshot[] {
  const other = rang('102', 1, 5, { outcome: 'elsewhere' });
  return [
    ringing([rings('101'), rings('102')]),
    talking([talked('101', 5, null), other]),
    talking([talked('101', 5, 20), other, rings('103', 20)]),
    talking([talked('101', 5, 20), other, talked('103', 25, null, 20)]),
    answered([talked('101', 5, 20), other, talked('103', 25, 65, 20)], 65, { recordings }),
  ];
}

/** The same call, of which nothing was seen before its end. */
function afterwards(recordings: readonly CallRecording[]): readonly CallSnapshot[] {
  return live(recordings).slice(-1);
}

const rows = [
  { userId: 1, phone, type: 2, duration: 15, code: '200', at: '09:00:00' },
  { userId: 3, phone, type: 2, duration: 40, code: '200', at: '09:00:20' },
];
/** Each way, with the methods that are tried with time-outs. */
const ways = [
  ['live', live, ['telephony.externalCall.register', 'telephony.externalCall.finish']],
  ['afterwards', afterwards, ['batch', 'upload']],
] as const;

const methods = [
  'user.get',
  'telephony.externalCall.register',
  'telephony.externalCall.show',
  'telephony.externalCall.hide',
  'telephony.externalCall.finish',
  'telephony.externalCall.attachRecord',
  'voximplant.statistic.get',
  'upload',
  'batch',
];

async function expectWhole(branch: Branch): Promise<void> {
  expect(branch.rows()).toEqual(rows);
  expect(branch.openCards()).toEqual([]);
  expect(branch.records()).toEqual(['sound', 'sound']);
  expect(branch.portal.state.complaints).toEqual([]);
}

describe.each(ways)('a call that is reported %s', (_name, flow, slow) => {
  it.each<FaultKind>(['500', '503', 'html', 'malformed', 'empty', 'cut-before', 'cut-after', 'overload'])(
    'is reported once and right when the first two calls of each method end as %s',
    async (kind) => {
      const branch = await Branch.open();
      for (const method of methods) branch.fault(method, kind, 2);
      for (const snapshot of flow([await branch.recording('a.wav', 'sound')])) await branch.tell(snapshot);
      await expectWhole(branch);
      expect(branch.portal.faults.happened.length).toBeGreaterThan(2);
    },
  );

  it.each<FaultKind>(['hang-before', 'hang-after'])(
    'is reported once and right after time-outs: %s',
    async (kind) => {
      const branch = await Branch.open();
      for (const method of slow) branch.fault(method, kind);
      for (const snapshot of flow([await branch.recording('a.wav', 'sound')])) await branch.tell(snapshot);
      await expectWhole(branch);
    },
    30_000,
  );

  it('is reported once and right wherever the program is killed', async () => {
    const branch = await Branch.open();
    const recordings = [await branch.recording('a.wav', 'sound')];
    let kills = -1;
    for (let write = 0; branch.kills > kills; write += 1) {
      kills = branch.kills;
      branch.killAfter = write;
      for (const snapshot of flow(recordings)) await branch.tell({ ...snapshot, key: eventKey('pbx', `k${write}`) });
      const [call] = await branch.calls();
      expect(branch.rows(call?.id), `killed before write ${write}`).toEqual(rows);
      expect(branch.openCards(), `killed before write ${write}`).toEqual([]);
    }
    expect(kills).toBeGreaterThan(5);
    expect(branch.portal.state.complaints).toEqual([]);
  }, 60_000);
});

describe('a portal that is away', () => {
  it('for hours gets calls with their true time, and opens no card', async () => {
    const branch = await Branch.open();
    branch.portal.faults.everything = '503';
    for (const snapshot of live([])) {
      await branch.emit(snapshot);
      await branch.deliver(1);
    }
    branch.pass(3 * 3600);
    branch.portal.faults.clear();
    expect(await branch.deliver()).toMatchObject({ kind: 'done' });
    expect(branch.rows()).toEqual(rows);
    expect([...branch.portal.state.calls.values()].flatMap(({ everShownTo }) => [...everShownTo])).toEqual([]);
  });

  it.each([10, 45])('for %i minutes after a registration of unknown outcome gets one call', async (minutes) => {
    const branch = await Branch.open();
    branch.fault('telephony.externalCall.register', 'cut-after');
    await branch.emit(ringing([rings('101')]));
    await branch.deliver(1);
    branch.pass(minutes * 60);
    await branch.tell(missed([rang('102', 1, 9), rang('101', 2, 20)], 20));
    expect(branch.rows()).toEqual([{ userId: 1, phone, type: 2, duration: 0, code: '304', at: '09:00:00' }]);
    expect(branch.openCards()).toEqual([]);
  });
});
