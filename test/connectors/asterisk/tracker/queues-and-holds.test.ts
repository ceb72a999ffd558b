import { describe, expect, it } from 'vitest';
import type { CallSnapshot } from '../../../../src/domain/interaction/contact-event.ts';
import { play, recordings, recordingTracker } from './support.ts';

/** All snapshots of a recorded flow. */
function snapshotsOf(name: string): readonly CallSnapshot[] {
  const recording = recordings().find((one) => one.name === name);
  if (recording === undefined) throw new Error(`no recording ${name}`);
  const { tracker, snapshots } = recordingTracker();
  play(tracker, recording.steps);
  return snapshots;
}

const trunk = { Channel: 'PJSIP/provider-00000001', Uniqueid: '1.1', Linkedid: '1.1' };
const phone = { Channel: 'PJSIP/101-00000002', Uniqueid: '1.2', Linkedid: '1.1' };

/** Plays events of a call from outside that is answered by 101, and returns the last snapshot. */
function answered(...events: readonly (readonly [string, Readonly<Record<string, string>>])[]): CallSnapshot {
  return last(
    ['Newchannel', { ...trunk, CallerIDNum: '79161234567', Exten: '74951234567' }],
    ['Newchannel', { ...phone, Exten: 's' }],
    ['BridgeEnter', { ...trunk, BridgeUniqueid: 'b' }],
    ['BridgeEnter', { ...phone, BridgeUniqueid: 'b' }],
    ...events,
  );
}

function last(...events: readonly (readonly [string, Readonly<Record<string, string>>])[]): CallSnapshot {
  const { tracker, snapshots } = recordingTracker();
  for (const [index, [name, fields]] of events.entries()) tracker.handle(name, fields, 1000 * (index + 1));
  const snapshot = snapshots.at(-1);
  if (snapshot === undefined) throw new Error('no call');
  return snapshot;
}

describe('hold', () => {
  it('is shown at the telephone that holds the party, until it talks again', () => {
    expect(answered(['Hold', phone]).legs).toMatchObject([{ extension: '101', heldAt: 5000 }]);
    expect(answered(['Hold', phone], ['Unhold', phone]).legs).toMatchObject([{ heldAt: null }]);
    expect(answered(['Hold', phone], ['Hangup', trunk], ['Hangup', phone]).legs).toMatchObject([{ heldAt: null }]);
  });

  it('is also shown while the party hears music in the talk, but not if the party holds us', () => {
    expect(answered(['MusicOnHoldStart', trunk]).legs).toMatchObject([{ heldAt: 5000 }]);
    expect(answered(['MusicOnHoldStart', trunk], ['MusicOnHoldStop', trunk]).legs).toMatchObject([{ heldAt: null }]);
    expect(answered(['Hold', trunk], ['MusicOnHoldStart', phone]).legs).toMatchObject([{ heldAt: null }]);
  });

  it.each(['16', '22'])('is shown during the consultation of an attended transfer (Asterisk %s)', (version) => {
    const held = snapshotsOf(`${version}/transfer-attended`).map(({ legs }) => legs[0]?.heldAt ?? null);
    expect(held.some((at) => at !== null)).toBe(true);
    expect(held.at(-1)).toBeNull();
    const refused = snapshotsOf(`${version}/transfer-attended-refused`).at(-1);
    expect(refused?.legs[0]?.heldAt).toBeNull();
  });
});

describe('queues', () => {
  it.each(['16', '22'])('report the place and how the party left (Asterisk %s)', (version) => {
    const left = (flow: string) =>
      snapshotsOf(`${version}/${flow}`)
        .at(-1)
        ?.legs.find((leg) => leg.kind === 'queue');
    expect(left('queue-answered')).toMatchObject({ extension: '600', position: 1, left: 'answered' });
    expect(left('queue-abandoned')).toMatchObject({ extension: '600', position: 1, left: 'abandoned' });
    // No revision reports a reason that is taken back later.
    const seen = snapshotsOf(`${version}/queue-answered`).flatMap(({ legs }) => legs.map((leg) => leg.left));
    expect(seen).not.toContain('exit_key');
  });

  const joined = [
    ['Newchannel', { ...trunk, CallerIDNum: '79161234567', Exten: '74951234567' }],
    ['QueueCallerJoin', { ...trunk, Queue: '600', Position: '3', Count: '3' }],
    ['QueueCallerLeave', { ...trunk, Queue: '600', Position: '3', Count: '2' }],
  ] as const;
  const status = (Value: string) => ['VarSet', { ...trunk, Variable: 'QUEUESTATUS', Value }] as const;
  const over = ['Hangup', { ...trunk, Cause: '16' }] as const;

  it.each([
    ['TIMEOUT', 'timeout'],
    ['LEAVEEMPTY', 'empty'],
    ['JOINEMPTY', 'empty'],
    ['FULL', 'full'],
    ['CONTINUE', 'exit_key'],
  ])('reads %s as %s', (value, left) => {
    expect(last(...joined, status(value), over).legs).toMatchObject([{ kind: 'queue', position: 3, left }]);
  });

  it('take a party that left without an agent, a time-out or a hang-up as gone by a key', () => {
    expect(last(...joined, over).legs).toMatchObject([{ left: 'exit_key', outcome: 'no_answer' }]);
  });
});

describe('the result of an outbound call', () => {
  it.each([
    ['outbound-busy', { reason: 'busy', cause: 17 }],
    ['outbound-unanswered', { reason: 'cancelled', cause: 127 }],
    ['outbound-answered', null],
    ['inbound-busy', null],
  ])('of the recorded flow %s is told', (flow, result) => {
    expect(snapshotsOf(`22/${flow}`).at(-1)?.result).toEqual(result);
  });

  const own = { Channel: 'PJSIP/101-00000001', Uniqueid: '1.1', Linkedid: '1.1' };
  const called = { Channel: 'PJSIP/provider-00000002', Uniqueid: '1.2', Linkedid: '1.1' };
  it.each([
    ['CHANUNAVAIL', '1', 'wrong_number'],
    ['CHANUNAVAIL', '28', 'wrong_number'],
    ['CHANUNAVAIL', '20', 'unavailable'],
    ['BUSY', '17', 'busy'],
    ['BUSY', '21', 'rejected'],
    ['CONGESTION', '34', 'congestion'],
    ['NOANSWER', '16', 'no_answer'],
    ['NOANSWER', '19', 'no_answer'],
    ['CANCEL', '16', 'cancelled'],
    ['CONGESTION', '0', 'congestion'],
  ])('follows from %s and the cause %s: %s', (DialStatus, Cause, reason) => {
    const call = last(
      ['Newchannel', { ...own, Exten: '79161234567' }],
      ['Newchannel', { ...called, Exten: '' }],
      ['DialBegin', { ...own, DestUniqueid: '1.2', DestChannel: called.Channel, DialString: '79161234567@provider' }],
      ['DialEnd', { ...own, DestUniqueid: '1.2', DestChannel: called.Channel, DialStatus }],
      ['Hangup', { ...called, Cause }],
      ['Hangup', { ...own, Cause }],
    );
    expect(call.result).toEqual({ reason, cause: Number(Cause) });
  });
});
