import { describe, expect, it } from 'vitest';
import { eventKey } from '../../../src/domain/base/ids.ts';
import type { CallSnapshot } from '../../../src/domain/interaction/contact-event.ts';
import type { OnecFault } from '../../support/onec/faults.ts';
import { answered, missed, rang, ringing, rings, talked, talking } from '../bitrix24/calls/flows.ts';
import { Branch } from './branch.ts';

const flow: readonly CallSnapshot[] = [
  ringing([rings('101')]),
  talking([talked('101', 5, null)]),
  answered([talked('101', 5, 35)], 35),
];
const whole = { НомерКому: '101', ДлительностьРазговора: '30', Неотвеченный: false, ВызовЗавершен: true };
const miss: readonly CallSnapshot[] = [ringing([rings('101')]), missed([rang('101', 1, 20)], 20)];

describe('a call', () => {
  it.each<OnecFault>([
    '500',
    '503',
    '500-after',
    'html',
    'login-page',
    'empty',
    'cut-before',
    'cut-after',
    'hang-after',
    'no-licence',
    'closed-for-update',
  ])('is one event although requests end as %s', async (fault) => {
    const branch = await Branch.open();
    const times = fault === 'hang-after' ? 1 : 2;
    for (const command of ['event', 'history']) branch.onec.faults.on(`telephony ${command}`, fault, { times });
    for (const snapshot of flow) await branch.tell(snapshot);
    expect(branch.records()).toMatchObject([whole]);
    expect(branch.onec.view.documents('Событие')).toHaveLength(1);
    expect(branch.missed()).toEqual([]);
    expect(branch.onec.faults.happened.length).toBeGreaterThan(1);
  });

  it('that was missed during an outage is missed once', async () => {
    const branch = await Branch.open();
    branch.onec.faults.everything = 'closed-for-update';
    for (const snapshot of miss) {
      await branch.emit(snapshot);
      await branch.deliver(1);
    }
    branch.onec.faults.clear();
    branch.onec.faults.on('telephony event', 'cut-after', { nth: 2 });
    await branch.deliver();
    expect(branch.sent().slice(-4)).toEqual(['INCOMING 101', 'CANCELLED 101', 'CANCELLED 101', 'history Missed 0']);
    expect(branch.missed()).toHaveLength(1);
  });

  it('is told once and whole wherever the program is killed', async () => {
    const branch = await Branch.open();
    let kills = -1;
    for (let write = 0; branch.kills > kills; write += 1) {
      kills = branch.kills;
      branch.killAfter = write;
      for (const snapshot of flow) await branch.tell({ ...snapshot, key: eventKey('pbx', `k${write}`) });
      const [call] = await branch.calls();
      const records = branch.records().filter((row) => row.ИдентификаторЗвонкаВАТС === call?.id);
      expect(records, `killed before write ${write}`).toMatchObject([whole]);
    }
    expect(kills).toBeGreaterThan(5);
    expect(branch.missed()).toEqual([]);
  }, 30_000);

  it('that proved to be another one is closed without a miss', async () => {
    const branch = await Branch.open();
    await branch.tell(ringing([rings('101')]));
    const older = eventKey('pbx', 'older');
    await branch.emit({ ...ringing([rings('102')]), key: older, startedAt: flow[0]?.startedAt ?? 0 });
    await branch.deliver();
    await branch.tell(missed([rang('102', 1, 20)], 20, { aliases: [older] }));
    expect(branch.records().map((row) => row.ВызовЗавершен)).toEqual([true, true]);
    expect(branch.missed()).toHaveLength(1);
  });
});

describe('the connection', () => {
  it.each([
    ['a wrong key', { key: 'other' }, 'keyRefused'],
    ['a wrong address', { url: 'http://127.0.0.1:9/hs/telephony/itoolabs' }, 'serviceUnreachable'],
  ])('with %s is tried again, and its state tells why', async (_what, settings, code) => {
    const branch = await Branch.open(settings);
    await branch.emit(flow[2] as CallSnapshot);
    const [call] = await branch.calls();
    if (call === undefined) throw new Error('no call');
    expect(await branch.attempt(call)).toMatchObject({ kind: 'retry', reason: { code } });
  });
});
