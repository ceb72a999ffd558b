import { describe, expect, it } from 'vitest';
import type { CallRecording, CallSnapshot } from '../../../src/domain/interaction/contact-event.ts';
import { callStart } from '../../support/calls.ts';
import {
  answered,
  at,
  machine,
  missed,
  outbound,
  rang,
  ringing,
  rings,
  talked,
  talking,
} from '../bitrix24/calls/flows.ts';
import { Branch } from './branch.ts';

const elsewhere = { outcome: 'elsewhere' } as const;

function recorded(state: CallRecording['state']): CallRecording {
  return {
    file: 'a.wav',
    path: '/var/spool/a.wav',
    leg: null,
    kind: 'call',
    state,
    startedAt: callStart,
    seconds: 30,
    mime: 'audio/wav',
    bytes: 1000,
  };
}

/** A call that two telephones ring for and one answers. */
const live: readonly CallSnapshot[] = [
  ringing([rings('101'), rings('102')]),
  talking([rang('101', 1, 5, elsewhere), talked('102', 5, null)]),
  answered([rang('101', 1, 5, elsewhere), talked('102', 5, 35)], 35),
];

describe('a call that is answered', () => {
  it('pops up at all who ring, and is one event with its talk', async () => {
    const branch = await Branch.open();
    const anna = branch.onec.people.addUser({ name: 'Анна', extension: '101' });
    const boris = branch.onec.people.addUser({ name: 'Борис', extension: '102' });
    const rose = branch.onec.people.addClient({ name: 'Ромашка', manager: anna, phones: ['8 (916) 123-45-67'] });
    for (const snapshot of live) expect(await branch.tell(snapshot)).toEqual({ kind: 'done', link: null });
    expect(branch.sent()).toEqual([
      'INCOMING 101',
      'INCOMING 102',
      'ACCEPTED 102',
      'COMPLETED 102',
      'history Success 30',
    ]);
    expect(branch.onec.telephony.popups).toMatchObject([{ caller: { key: rose } }, { caller: { key: rose } }]);
    expect(branch.records()).toMatchObject([
      {
        НомерОтКого: '79161234567',
        НомерКому: '102',
        НомерОрганизации: '74951234567',
        ДлительностьРазговора: '30',
        Неотвеченный: false,
        ВызовЗавершен: true,
        Сотрудник_Key: boris,
      },
    ]);
    expect(branch.onec.view.documents('Событие')).toHaveLength(1);
    expect(branch.missed()).toEqual([]);
    const [call] = await branch.calls();
    expect(new Set(branch.messages().map(({ callid }) => callid))).toEqual(new Set([call?.id]));
    expect(branch.messages().at(-1)).toMatchObject({ start: '20261124T090000Z', type: 'in', user: 'boris' });
  });

  it('by the second telephone belongs to the responsible, who rang too', async () => {
    const branch = await Branch.open();
    await branch.addClient('boris');
    await branch.tell(live[0] as CallSnapshot);
    expect(branch.sent()).toEqual(['INCOMING 102', 'INCOMING 101']);
  });

  it('and passed on is one call, of who talked last', async () => {
    const branch = await Branch.open();
    const legs = [talked('101', 5, 20), talked('102', 25, 65, 20)];
    const to = { extension: '102', phone: null };
    const transfers = [
      { kind: 'blind', from: { extension: '101', phone: null }, to, at: at(20), outcome: 'done' },
    ] as const;
    await branch.tell(ringing([rings('101')]));
    await branch.tell(talking([talked('101', 5, null)]));
    await branch.tell(talking([talked('101', 5, 20), rings('102', 20)], { transfers }));
    await branch.tell(talking([talked('101', 5, 20), talked('102', 25, null, 20)], { transfers }));
    await branch.tell(answered(legs, 65, { transfers }));
    expect(branch.sent()).toEqual([
      'INCOMING 101',
      'ACCEPTED 101',
      'INCOMING 102',
      'TRANSFERRED 101',
      'ACCEPTED 102',
      'COMPLETED 102',
      'history Success 55',
    ]);
    expect(branch.records()).toMatchObject([{ НомерКому: '102', ДлительностьРазговора: '55', Неотвеченный: false }]);
  });

  it('has the link to its recording, also if that is found later', async () => {
    const branch = await Branch.open();
    const legs = [talked('101', 5, 35)];
    await branch.tell(answered(legs, 35, { recordings: [recorded('pending')] }));
    expect(branch.records()[0]?.СсылкаНаЗаписьРазговора).toBe('');
    await branch.tell(answered(legs, 35, { recordings: [recorded('ready')] }));
    const [call] = await branch.calls();
    expect(branch.records()[0]?.СсылкаНаЗаписьРазговора).toBe(call?.recordings[0]?.url);
    expect(call?.recordings[0]?.url).toMatch(/^http:\/\/127\.0\.0\.1\/api\/v1\/recordings\//);
    expect(branch.sent().filter((one) => one.startsWith('history'))).toHaveLength(2);
  });

  it('of which nothing was seen live has its event before its history', async () => {
    const branch = await Branch.open();
    await branch.tell(live[2] as CallSnapshot);
    expect(branch.sent()).toEqual(['INCOMING 102', 'ACCEPTED 102', 'COMPLETED 102', 'history Success 30']);
    expect(branch.records()).toMatchObject([{ ДлительностьРазговора: '30', Неотвеченный: false }]);
  });
});

describe('a call that nobody answers', () => {
  it('is missed once, by the responsible', async () => {
    const branch = await Branch.open();
    branch.onec.people.addUser({ name: 'Анна', extension: '101' });
    const boris = branch.onec.people.addUser({ name: 'Борис', extension: '102' });
    await branch.addClient('boris');
    await branch.tell(ringing([rings('101')]));
    await branch.tell(ringing([rang('101', 1, 15), rings('103', 15)]));
    await branch.tell(missed([rang('101', 1, 15), rang('103', 15, 30)], 30));
    expect(branch.sent()).toEqual(['INCOMING 101', 'INCOMING 103', 'CANCELLED 102', 'history Missed 0']);
    expect(branch.missed()).toMatchObject([{ Ответственный_Key: boris }]);
    expect(branch.records()).toMatchObject([{ Неотвеченный: true, ВызовЗавершен: true, Сотрудник_Key: boris }]);
  });

  it.each([
    ['whose telephone rang last', [rang('101', 1, 15), rang('103', 15, 30)], '103'],
    ['the queue, if no telephone rang', [machine('queue', 1, 30)], '800'],
    ['nobody, if the caller only heard a menu', [machine('ivr', 1, 30)], '0'],
  ])('and whose client has nobody belongs to %s', async (_who, legs, extension) => {
    const branch = await Branch.open();
    await branch.tell(missed(legs, 30));
    expect(branch.sent()).toEqual([`INCOMING ${extension}`, `CANCELLED ${extension}`, 'history Missed 0']);
  });

  it('belongs to the manager of the setting', async () => {
    const branch = await Branch.open({ misses: 'vera', extensions: { vera: '303' } });
    await branch.addClient('boris');
    await branch.tell(missed([rang('101', 1, 15)], 15));
    expect(branch.sent()).toEqual(['INCOMING 303', 'CANCELLED 303', 'history Missed 0']);
  });

  it('from a withheld number is no client with an empty one', async () => {
    const branch = await Branch.open();
    branch.onec.people.addClient({ name: 'Ромашка', phones: ['+7 916 123-45-67'] });
    await branch.tell(missed([rang('101', 1, 15)], 15, { party: { raw: '', name: null, withheld: true } }));
    expect(branch.onec.view.documents('Событие')[0]?.Участники).toMatchObject([{ КакСвязаться: 'anonymous' }]);
  });
});

describe('a call to the outside', () => {
  it('is told with its talk', async () => {
    const branch = await Branch.open();
    await branch.tell(outbound('ringing', [rings('101')], null));
    await branch.tell(outbound('talking', [talked('101', 9, null)], null));
    await branch.tell(outbound('answered', [talked('101', 9, 50)], 50));
    expect(branch.sent()).toEqual(['OUTGOING 101', 'ACCEPTED 101', 'COMPLETED 101', 'history Success 41']);
    expect(branch.records()).toMatchObject([{ НомерОтКого: '101', НомерКому: '79161234567' }]);
  });

  it.each([
    ['busy', 'Busy'],
    ['no_answer', 'Cancel'],
    ['wrong_number', 'NotFound'],
    ['congestion', 'NotAvailable'],
    ['failed', 'NotAllowed'],
  ] as const)('that ends as %s has the status %s', async (reason, status) => {
    const branch = await Branch.open();
    await branch.tell(outbound('unanswered', [rang('101', 1, 9)], 9, { result: { reason, cause: null } }));
    expect(branch.sent().at(-1)).toBe(`history ${status} 0`);
    expect(branch.missed()).toEqual([]);
  });
});

describe('a late call', () => {
  it('has its true time behind the number that was dialled', async () => {
    const branch = await Branch.open();
    branch.pass(3 * 3600);
    await branch.tell(live[2] as CallSnapshot);
    expect(branch.records()).toMatchObject([{ НомерОрганизации: '74951234567 (24.11.2026, 12:00)' }]);
  });

  it('that began in time is not marked', async () => {
    const branch = await Branch.open();
    await branch.tell(live[0] as CallSnapshot);
    branch.pass(3600);
    await branch.tell(live[2] as CallSnapshot);
    expect(branch.records()).toMatchObject([{ НомерОрганизации: '74951234567' }]);
  });

  it('is not told when it is too old, unless the CRM knows it', async () => {
    const branch = await Branch.open({ late: { oldest: 1 } });
    await branch.tell(live[0] as CallSnapshot);
    branch.pass(2 * 86_400);
    await branch.tell({ ...(live[2] as CallSnapshot), key: 'pbx:other' as CallSnapshot['key'] });
    expect(branch.sent()).toEqual(['INCOMING 101', 'INCOMING 102']);
    await branch.tell(live[2] as CallSnapshot);
    expect(branch.sent().at(-1)).toBe('history Success 30');
  });
});
