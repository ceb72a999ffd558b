import { describe, expect, it } from 'vitest';
import type { HookAnswer } from '../../../src/domain/ports/hooks.ts';
import { callStart } from '../../support/calls.ts';
import { answered, missed, outbound, rang, rings, talked } from '../bitrix24/calls/flows.ts';
import { Branch } from './branch.ts';

async function send(branch: Branch, fields: Readonly<Record<string, string>>): Promise<HookAnswer> {
  const body = Buffer.from(new URLSearchParams({ token: 'pbx-key', ...fields }).toString());
  const receiver = branch.cores().hookReceiver('unf');
  if (receiver === null) throw new Error('no receiver');
  return receiver.receive({ method: 'POST', query: {}, headers: {}, body });
}

const textOf = ({ body }: HookAnswer): string => (typeof body === 'string' ? body : '');
const read = (answer: HookAnswer): unknown => JSON.parse(textOf(answer));
const invalid = { status: 400, body: '{"error":"Invalid parameters"}' };

describe('makeCall', () => {
  it('rings the manager, and the call continues the event that was open in УНФ', async () => {
    const branch = await Branch.open();
    branch.onec.people.addUser({ name: 'Анна', extension: '101' });
    const anna = String(branch.onec.view.items('Сотрудники')[0]?.Ref_Key);
    const event = String(branch.onec.base.create('Document_Событие', { ТипСобытия: 'ТелефонныйЗвонок' }).Ref_Key);
    const reply = await branch.onec.telephony.makeCall(anna, '8 (916) 123-45-67', event);
    const [call] = await branch.calls();
    expect(reply.status).toBe(200);
    expect(JSON.parse(reply.text)).toEqual({ callid: call?.id });
    expect(call).toMatchObject({ direction: 'outbound', state: 'queued', party: { phone: '+79161234567' } });
    const sent = call === undefined ? null : await branch.store.read.outbound(call.id);
    expect(sent).toMatchObject({ connection: 'pbx', content: { manager: 'anna', extension: '101' } });
    expect(await branch.deliver()).toEqual({ kind: 'done', link: null });
    expect(branch.sent()).toEqual([]);
  });

  it('clicked twice calls once', async () => {
    const branch = await Branch.open();
    const click = { cmd: 'makeCall', user: 'anna@company', phone: '79161234567' };
    expect(read(await send(branch, click))).toEqual(read(await send(branch, click)));
    branch.pass(60);
    await send(branch, click);
    expect(await branch.calls()).toHaveLength(2);
  });

  it.each([
    ['nobody knows', { user: '999', phone: '79161234567' }],
    ['has no number to call', { user: '101' }],
    ['wants what is no number', { user: '101', phone: '12' }],
  ])('of somebody who %s is refused', async (_who, fields) => {
    const branch = await Branch.open();
    expect(await send(branch, { cmd: 'makeCall', ...fields })).toMatchObject(invalid);
    expect(await branch.calls()).toEqual([]);
  });
});

describe('commands', () => {
  it('need the key', async () => {
    const branch = await Branch.open();
    const refused = { status: 401, body: '{"error":"Invalid token"}' };
    expect(await send(branch, { cmd: 'accounts', token: 'other' })).toMatchObject(refused);
    const closed = await Branch.open({ token: undefined });
    expect(await send(closed, { cmd: 'accounts', token: '' })).toMatchObject(refused);
  });

  it('that are unknown are refused', async () => {
    const branch = await Branch.open();
    expect(await send(branch, { cmd: 'toString' })).toMatchObject(invalid);
    expect(await send(branch, {})).toMatchObject(invalid);
  });

  it('list employees and groups', async () => {
    const branch = await Branch.open({ extensions: { boris: '202' } });
    expect(read(await send(branch, { cmd: 'accounts' }))).toEqual([
      { name: 'anna', realName: 'Manager anna', ext: '101', email: 'anna@example.com' },
      { name: 'boris', realName: 'Manager boris', ext: '202' },
      { name: 'vera', realName: 'Manager vera', ext: '103' },
    ]);
    expect(read(await send(branch, { cmd: 'groups' }))).toEqual([{ id: 'sales', realName: 'sales', ext: '800' }]);
    expect(read(await send(branch, { cmd: 'groups', user: '103' }))).toEqual([]);
  });

  it.each(['subscriptionStatus', 'subscribtionstatus'])('tell who gets the calls of a group: %s', async (cmd) => {
    const branch = await Branch.open();
    const of = (user: string) => send(branch, { cmd, user, group_id: 'sales' });
    expect(read(await of('anna'))).toEqual({ status: 'on' });
    expect(read(await of('vera'))).toEqual({ status: 'off' });
    expect(await send(branch, { cmd, user: 'anna', group_id: 'other' })).toMatchObject(invalid);
  });

  it('do not change the members of a group, which are configured', async () => {
    const branch = await Branch.open();
    const set = (status: string) => send(branch, { cmd: 'subscribeOnCalls', user: 'vera', group_id: 'sales', status });
    expect(await set('off')).toMatchObject({ status: 200 });
    expect(await set('on')).toMatchObject(invalid);
  });
});

describe('history', () => {
  async function day(): Promise<Branch> {
    const branch = await Branch.open();
    const call = (id: string, minutes: number) => ({
      key: `pbx:${id}` as never,
      startedAt: callStart + minutes * 60_000,
    });
    await branch.emit(answered([talked('101', 5, 35)], 35, call('a', 0)));
    await branch.emit(missed([rang('102', 1, 20)], 20, call('b', -24 * 60)));
    await branch.emit(outbound('answered', [talked('102', 9, 50)], 50, call('c', -8 * 24 * 60)));
    await branch.emit(outbound('ringing', [rings('101')], null, call('d', 1)));
    branch.pass(3600);
    return branch;
  }
  const rowsOf = (answer: HookAnswer) =>
    textOf(answer)
      .split('\r\n')
      .filter((row) => row !== '')
      .map((row) => row.split(',').slice(1).join(','));

  it('is a table of ended calls', async () => {
    const branch = await day();
    const answer = await send(branch, { cmd: 'history', period: 'today' });
    expect(answer.type).toBe('text/csv; charset=utf-8');
    expect(rowsOf(answer)).toEqual(['in,79161234567,anna,74951234567,20261124T090000Z,5,30,']);
    const [call] = (await branch.calls()).filter(
      ({ state, direction }) => state === 'answered' && direction === 'inbound',
    );
    expect(textOf(answer).split(',')[0]).toBe(call?.id);
  });

  it.each([
    [{ period: 'yesterday' }, ['missed']],
    [{ period: 'this_week' }, ['in', 'missed']],
    [{ period: 'last_week' }, ['out']],
    [{ period: 'this_month' }, ['in', 'missed', 'out']],
    [{ period: 'last_month' }, []],
    [{ start: '20261123T000000Z', end: '20261124T090000Z' }, ['missed']],
    [{ start: '20261101T000000Z', type: 'out' }, ['out']],
    [{ start: '20261101T000000Z', type: 'missed' }, ['missed']],
    [{ start: '20261101T000000Z', limit: '1' }, ['in']],
  ])('of %j has %j', async (fields, expected) => {
    const answer = await send(await day(), { cmd: 'history', ...fields } as never);
    expect(rowsOf(answer).map((row) => row.split(',')[0])).toEqual(expected);
  });

  it.each([{}, { period: 'ever' }, { start: 'now' }, { period: 'today', type: 'x' }, { period: 'today', limit: '-1' }])(
    'of %j is refused',
    async (fields) => {
      expect(await send(await Branch.open(), { cmd: 'history', ...fields } as never)).toMatchObject(invalid);
    },
  );
});
