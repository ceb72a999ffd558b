import { describe, expect, it } from 'vitest';
import { Branch, phone } from './branch.ts';
import { answered, machine, missed, outbound, rang, ringing, rings, talked, talking } from './flows.ts';

const row = { phone, type: 2, code: '200', at: '09:00:00' };
const miss = { phone, type: 2, code: '304', duration: 0, at: '09:00:00' };

/** Faults of another connector between Asterisk and Bitrix24, which its users reported (crm-apis-2.md, 5.1). */
describe('faults that others have repaired', () => {
  it('no call vanishes: one of a user who has left is reported in the name of the default user', async () => {
    const branch = await Branch.open({ defaultUser: 9, users: { gleb: 77 } });
    branch.portal.state.users.set(77, { id: 77, name: 'Gleb' });
    await branch.tell(ringing([rings('104')]));
    branch.portal.state.users.set(77, { id: 77, name: 'Gleb', active: false });
    await branch.tell(answered([talked('104', 5, 35)], 35));
    expect(branch.rows()).toEqual([{ ...row, userId: 9, duration: 30 }]);
  });

  it('the responsible is right after a transfer, and each talk has a CALL_ID of its own', async () => {
    const branch = await Branch.open();
    await branch.tell(ringing([rings('101')]));
    await branch.tell(talking([talked('101', 5, null)]));
    await branch.tell(talking([talked('101', 5, 20), rings('102', 20)]));
    expect(branch.openCards()).toEqual([2]);
    await branch.tell(talking([talked('101', 5, 20), talked('102', 25, null, 20)]));
    expect(branch.openCards()).toEqual([2]);
    const end = answered([talked('101', 5, 20), talked('102', 25, 65, 20)], 65);
    await branch.tell(end);
    await branch.tell({ ...end, party: { ...end.party, name: 'Ivan Petrov' } });
    expect(branch.rows()).toEqual([
      { ...row, userId: 1, duration: 15 },
      { ...row, userId: 2, duration: 40, at: '09:00:20' },
    ]);
    const ids = [...branch.portal.state.statistics.values()].map((one) => one.externalCallId);
    expect(new Set(ids).size).toBe(2);
    expect(branch.openCards()).toEqual([]);
  });

  it('the end of a menu or queue does not overwrite an answer', async () => {
    const branch = await Branch.open();
    const [menu, queue] = [machine('ivr', 0, 3), machine('queue', 3, 10)];
    await branch.tell(talking([menu, machine('queue', 3, null), rings('101', 4)]));
    await branch.tell(talking([menu, queue, talked('101', 10, null, 4)]));
    await branch.tell(answered([menu, queue, talked('101', 10, 40, 4)], 41));
    expect(branch.rows()).toEqual([{ ...row, userId: 1, duration: 30 }]);
  });

  it('voicemail is reported, with its record', async () => {
    const branch = await Branch.open();
    const recordings = [await branch.recording('vm.wav', 'message', { kind: 'voicemail', leg: 1 })];
    await branch.tell(missed([rang('101', 1, 20), machine('voicemail', 20, 40)], 40, { recordings }));
    expect(branch.rows()).toEqual([{ ...miss, userId: 1 }]);
    expect([...branch.portal.state.statistics.values()][0]?.reason).toBe('Voicemail');
    expect(branch.records()).toEqual(['message']);
  });

  it('only answered telephones are finished', async () => {
    const branch = await Branch.open();
    const others = [
      rang('101', 1, 10),
      rang('102', 1, 15, { outcome: 'elsewhere' }),
      rang('104', 1, 12, { outcome: 'busy' }),
    ];
    await branch.tell(answered([...others, talked('103', 15, 45)], 45));
    expect(branch.rows()).toEqual([{ ...row, userId: 3, duration: 30 }]);
    expect(branch.count('telephony.externalCall.register')).toBe(1);
  });

  it('a miss is reported once per call, however many telephones rang', async () => {
    const branch = await Branch.open();
    await branch.tell(ringing([rings('101'), rings('102'), rings('103')]));
    const end = missed([rang('101', 1, 20), rang('102', 1, 20), rang('103', 1, 20)], 20);
    await branch.tell(end);
    await branch.tell({ ...end, party: { ...end.party, name: 'Ivan Petrov' } });
    expect(branch.rows()).toHaveLength(1);
    expect(branch.rows()).toMatchObject([miss]);
    expect(branch.openCards()).toEqual([]);
  });

  it('a call that reached no operator is the one’s who is responsible for misses', async () => {
    const client = await Branch.open({ users: { gleb: 3 } });
    await client.addClient('contact-12', 'gleb');
    await client.tell(missed([machine('ivr', 0, 9)], 9));
    expect(client.rows()).toEqual([{ ...miss, userId: 3 }]);
    const manager = await Branch.open({ misses: 'vera', users: { vera: 3 } });
    await manager.tell(missed([rang('101', 1, 9)], 9));
    expect(manager.rows()).toEqual([{ ...miss, userId: 3 }]);
    const last = await Branch.open({ misses: 'last' });
    await last.tell(missed([rang('101', 1, 9), rang('102', 9, 15)], 15));
    expect(last.rows()).toEqual([{ ...miss, userId: 2 }]);
  });

  it.each([
    [{ defaultUser: 2 }, 2],
    // The owner of the webhook.
    [{}, 9],
  ])(
    'managers without UF_PHONE_INNER have their calls on the default user, in and out: %j',
    async (settings, userId) => {
      const inbound = await Branch.open(settings);
      await inbound.tell(ringing([rings('104')]));
      await inbound.tell(answered([talked('104', 5, 35)], 35));
      expect(inbound.rows()).toEqual([{ ...row, userId, duration: 30 }]);
      const out = await Branch.open(settings);
      await out.tell(outbound('talking', [talked('104', 5, null)], null));
      await out.tell(outbound('answered', [talked('104', 5, 35)], 35));
      expect(out.rows()).toEqual([{ ...row, type: 1, userId, duration: 30 }]);
      const nobody = await Branch.open(settings);
      await nobody.tell(missed([rang('104', 1, 9)], 9));
      expect(nobody.rows()).toEqual([{ ...miss, userId }]);
    },
  );

  it('the card of the second member of a queue opens', async () => {
    const branch = await Branch.open();
    const queue = machine('queue', 0, null);
    await branch.tell(ringing([queue, rings('101', 1)]));
    expect(branch.openCards()).toEqual([1]);
    await branch.tell(ringing([queue, rang('101', 1, 15), rings('102', 16)]));
    expect(branch.openCards()).toEqual([2]);
    // The first one again.
    await branch.tell(ringing([queue, rings('101', 31), rang('102', 16, 30)]));
    expect(branch.openCards()).toEqual([1]);
  });

  it('the card is hidden for the rest on answer', async () => {
    const branch = await Branch.open();
    await branch.tell(ringing([rings('101'), rings('102'), rings('103')]));
    expect(branch.openCards()).toEqual([1, 2, 3]);
    const others = { outcome: 'elsewhere' } as const;
    await branch.tell(talking([rang('101', 1, 5, others), rang('102', 1, 5, others), talked('103', 5, null)]));
    expect(branch.openCards()).toEqual([3]);
  });

  it('the CALL_ID of a batch is that of its own registration', async () => {
    const branch = await Branch.open();
    await branch.tell(answered([talked('101', 5, 20), talked('102', 25, 65, 20)], 65));
    const { calls, statistics } = branch.portal.state;
    expect(branch.count('batch')).toBe(2);
    for (const [callId, { userId, externalCallId }] of statistics)
      expect(calls.get(callId)).toMatchObject({ userId, externalId: externalCallId });
    expect(branch.rows()).toEqual([
      { ...row, userId: 1, duration: 15 },
      { ...row, userId: 2, duration: 40, at: '09:00:20' },
    ]);
  });

  it('a record is waited for until it is ready', async () => {
    const branch = await Branch.open();
    const ready = await branch.recording('a.mp3', 'sound');
    const pending = { ...ready, state: 'pending', path: null, bytes: null } as const;
    const legs = [talked('101', 5, 35)];
    await branch.tell(answered(legs, 35, { recordings: [pending] }));
    expect(branch.count('telephony.externalCall.attachRecord')).toBe(0);
    await branch.tell(answered(legs, 35, { recordings: [ready] }));
    expect(branch.records()).toEqual(['sound']);
    expect([...branch.portal.state.records.values()][0]?.name).toMatch(/\.mp3$/);
  });

  it('a record is not lost when its upload breaks: it is tried again, and attached once', async () => {
    const branch = await Branch.open();
    const recordings = [await branch.recording('a.wav', 'sound')];
    branch.fault('upload', '502');
    branch.fault('telephony.externalCall.attachRecord', '500');
    await branch.tell(answered([talked('101', 5, 35)], 35, { recordings }));
    await branch.deliver();
    expect(branch.records()).toEqual(['sound']);
    expect(branch.rows()).toHaveLength(1);
    expect(branch.portal.faults.happened).toHaveLength(2);
  });

  it('a refused token ends no worker: the call is reported when the token works again', async () => {
    const branch = await Branch.open();
    branch.portal.auth.removeWebhook('hook');
    expect(await branch.tell(answered([talked('101', 5, 35)], 35))).toMatchObject({ kind: 'retry' });
    branch.portal.auth.addWebhook({ userId: 9, secret: 'hook', scopes: ['crm', 'telephony', 'user'] });
    expect(await branch.deliver()).toMatchObject({ kind: 'done' });
    expect(branch.rows()).toEqual([{ ...row, userId: 1, duration: 30 }]);
  });

  it('a failed user.get puts no call on the wrong user', async () => {
    const branch = await Branch.open();
    branch.fault('user.get', '500');
    branch.fault('user.get', 'empty');
    await branch.tell(answered([talked('102', 5, 35)], 35));
    expect(branch.rows()).toEqual([{ ...row, userId: 2, duration: 30 }]);
  });
});
