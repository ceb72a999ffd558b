import { describe, expect, it } from 'vitest';
import { recordingTracker } from './support.ts';

type Tracker = ReturnType<typeof recordingTracker>['tracker'];

/** Reports a new channel; `PJSIP/101-a` has the uniqueid `101-a`. */
function born(tracker: Tracker, id: string, linkedid: string, exten: string, at: number): void {
  const number = id.startsWith('trunk') ? '79990000001' : id.slice(0, 3);
  tracker.handle(
    'Newchannel',
    { Channel: `PJSIP/${id}`, Uniqueid: id, Linkedid: linkedid, Exten: exten, CallerIDNum: number },
    at,
  );
}

function dial(tracker: Tracker, from: string, to: string, number: string, at: number): void {
  tracker.handle('DialBegin', { Uniqueid: from, DestUniqueid: to, DestCallerIDNum: number, CallerIDNum: '' }, at);
}

function enter(tracker: Tracker, id: string, bridge: string, linkedid: string, at: number): void {
  tracker.handle('BridgeEnter', { Uniqueid: id, Linkedid: linkedid, BridgeUniqueid: bridge }, at);
}

/** A client talks to 101 from time 20, under linkedid `trunk-a`. */
function clientWith101(tracker: Tracker): void {
  born(tracker, 'trunk-a', 'trunk-a', '74950000002', 0);
  born(tracker, '101-a', 'trunk-a', 's', 5);
  dial(tracker, 'trunk-a', '101-a', '101', 10);
  enter(tracker, '101-a', 'b1', 'trunk-a', 20);
  enter(tracker, 'trunk-a', 'b1', 'trunk-a', 20);
}

function transfer(tracker: Tracker, at: number): void {
  const ends = { OrigTransfererUniqueid: '101-a', SecondTransfererUniqueid: '101-b' };
  tracker.handle('AttendedTransfer', { ...ends, Result: 'Success', DestType: 'Bridge' }, at);
}

describe('a phone that merges its two calls', () => {
  it('makes one call, in which the colleague talks once the client is connected', () => {
    const { tracker, last } = recordingTracker();
    clientWith101(tracker);
    born(tracker, '101-b', '101-b', '102', 30);
    born(tracker, '102-b', '101-b', 's', 31);
    dial(tracker, '101-b', '102-b', '102', 32);
    enter(tracker, '102-b', 'b2', '101-b', 40);
    enter(tracker, '101-b', 'b2', '101-b', 40);

    transfer(tracker, 60);
    enter(tracker, '102-b', 'b1', 'trunk-a', 60);
    for (const id of ['101-a', '101-b']) tracker.handle('Hangup', { Uniqueid: id, Cause: '16' }, 61);
    for (const id of ['trunk-a', '102-b']) tracker.handle('Hangup', { Uniqueid: id, Cause: '16' }, 90);

    const calls = [...last.values()];
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatchObject({ key: 'pbx:trunk-a', aliases: ['pbx:101-b'], state: 'answered', endedAt: 90 });
    expect(calls[0]?.legs.map((leg) => [leg.extension, leg.talkedAt, leg.endedAt])).toEqual([
      ['101', 20, 60],
      ['102', 60, 90],
    ]);
    expect(calls[0]?.transfers).toMatchObject([
      { kind: 'attended', from: { extension: '101' }, to: { extension: '102' } },
    ]);
  });

  it('treats the outside number that it called as another end of ours, not as a second client', () => {
    const { tracker, last } = recordingTracker();
    clientWith101(tracker);
    born(tracker, '101-b', '101-b', '79990000099', 30);
    born(tracker, 'trunk-b', '101-b', 's', 31);
    dial(tracker, '101-b', 'trunk-b', '79990000099', 32);
    enter(tracker, 'trunk-b', 'b2', '101-b', 40);
    enter(tracker, '101-b', 'b2', '101-b', 40);

    transfer(tracker, 60);
    enter(tracker, 'trunk-b', 'b1', 'trunk-a', 60);
    for (const id of ['101-a', '101-b']) tracker.handle('Hangup', { Uniqueid: id, Cause: '16' }, 61);

    const [call] = [...last.values()];
    expect(last.size).toBe(1);
    expect(call).toMatchObject({ direction: 'inbound', state: 'talking', party: { raw: '79990000001' } });
    expect(call?.legs.map((leg) => [leg.kind, leg.extension ?? leg.phone, leg.talkedAt])).toEqual([
      ['extension', '101', 20],
      ['mobile', '79990000099', 60],
    ]);
  });
});

describe('a single internal channel', () => {
  it('is not reported as a call if it dials a feature code', () => {
    const { tracker, snapshots } = recordingTracker();

    born(tracker, '101-a', '101-a', '*43', 0);
    tracker.handle('Hangup', { Uniqueid: '101-a', Cause: '16' }, 10);

    expect(snapshots).toEqual([]);
  });
});
