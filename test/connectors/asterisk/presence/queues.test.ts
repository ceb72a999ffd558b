import { beforeEach, describe, expect, it } from 'vitest';
import { Queues } from '../../../../src/connectors/asterisk/presence/queues.ts';
import type { QueueState } from '../../../../src/domain/call/queue.ts';
import { endpointsFor } from '../../../support/asterisk-config.ts';
import { recordings } from '../tracker/support.ts';

describe('queues', () => {
  let queues: Queues;
  let states: Map<string, QueueState>;
  let counts: string[];
  let pauses: string[];

  beforeEach(() => {
    states = new Map();
    counts = [];
    pauses = [];
    queues = new Queues({
      connection: 'pbx',
      endpoints: endpointsFor(),
      report: (state) => void states.set(state.queue, state),
      count: ({ queue, what }) => void counts.push(`${queue} ${what}`),
      pause: (extension, queue, isPaused) => void pauses.push(`${extension} ${queue} ${isPaused}`),
    });
  });

  const join = (Uniqueid: string, Position: string) =>
    queues.handle('QueueCallerJoin', { Uniqueid, Queue: '600', Position }, 1000 * Number(Position));
  const leave = (Uniqueid: string) => queues.handle('QueueCallerLeave', { Uniqueid, Queue: '600' }, 9000);
  const waiting = () => states.get('600')?.callers.map(({ id, position }) => `${position} ${id}`);

  it('keep the places of those who wait, also when somebody goes first', () => {
    join('a', '1');
    join('b', '2');
    join('vip', '1');
    expect(waiting()).toEqual(['1 vip', '2 a', '3 b']);
    leave('a');
    expect(waiting()).toEqual(['1 vip', '2 b']);
    expect(states.get('600')?.callers[1]?.since).toBe(2000);
  });

  it('count how callers left', () => {
    for (const id of ['a', 'b', 'c', 'd']) join(id, '1');
    leave('a');
    queues.handle('AgentConnect', { Uniqueid: 'a', Queue: '600' }, 1);
    queues.handle('QueueCallerAbandon', { Uniqueid: 'b', Queue: '600' }, 1);
    leave('b');
    leave('c');
    queues.handle('VarSet', { Uniqueid: 'c', Variable: 'QUEUESTATUS', Value: 'TIMEOUT' }, 1);
    leave('d');
    for (const id of ['a', 'b', 'c', 'd']) queues.handle('Hangup', { Uniqueid: id }, 1);
    expect(counts.filter((one) => !one.endsWith('joined'))).toEqual([
      '600 answered',
      '600 abandoned',
      '600 timeout',
      '600 exit_key',
    ]);
    expect(waiting()).toEqual([]);
  });

  it.each(['PJSIP/101', 'Local/101@from-queue/n', 'hint:101@ext-local'])('know the agent %s and its pause', (name) => {
    const member = { Queue: '600', Interface: name, StateInterface: name, MemberName: 'Anna', Paused: '1' };
    queues.handle('QueueMemberPause', { ...member, PausedReason: 'lunch' }, 1);
    expect(states.get('600')?.agents).toEqual([{ agent: '101', isPaused: true, pausedFor: 'lunch' }]);
    queues.handle('QueueMemberPause', { ...member, Paused: '0' }, 2);
    expect(pauses).toEqual(['101 600 true', '101 600 false']);
  });

  it('are replaced by what the PBX says after a connect', () => {
    join('lost', '1');
    queues.replace(
      [
        ['QueueParams', { Queue: '600' }],
        ['QueueMember', { Queue: '600', Location: 'PJSIP/101', Name: 'Anna', Paused: '0' }],
        ['QueueEntry', { Queue: '600', Position: '1', Uniqueid: 'x', Wait: '5' }],
      ],
      10_000,
    );
    expect(states.get('600')).toEqual({
      connection: 'pbx',
      queue: '600',
      callers: [{ id: 'x', position: 1, since: 5000 }],
      agents: [{ agent: '101', isPaused: false, pausedFor: null }],
    });
  });

  it.each([
    ['queue-answered', ['600 joined', '600 answered']],
    ['queue-abandoned', ['600 joined', '600 abandoned']],
  ])('of the recorded flow %s end empty', (flow, expected) => {
    for (const version of ['16', '22']) {
      counts.length = 0;
      const recording = recordings().find(({ name }) => name === `${version}/${flow}`);
      for (const { at, event } of recording?.steps ?? []) queues.handle(event.Event ?? '', event, at);
      expect(counts).toEqual(expected);
      expect(waiting()).toEqual([]);
    }
  });
});
