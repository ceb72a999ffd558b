import { describe, expect, it } from 'vitest';
import type { Fields } from '../../../../src/connectors/asterisk/tracker/model.ts';
import type { CallSnapshot } from '../../../../src/domain/interaction/contact-event.ts';
import { play, type Recording, recordings, recordingTracker } from './support.ts';

function recordingOf(name: string): Recording {
  const found = recordings().find((recording) => recording.name === name);
  if (found === undefined) throw new Error(`no recording ${name}`);
  return found;
}

/** The response of CoreShowChannels after these steps. */
function channelsAfter(recording: Recording, until: number): readonly Fields[] {
  const rows = new Map<string, Record<string, string>>();
  for (const { at, event } of recording.steps) {
    if (at > until) break;
    const id = event.Uniqueid ?? '';
    const row = rows.get(id);
    if (event.Event === 'Newchannel') {
      rows.set(id, { ...event, Event: 'CoreShowChannel', Duration: '00:00:00', BridgeId: '' });
    } else if (row !== undefined && event.Event === 'BridgeEnter') row.BridgeId = event.BridgeUniqueid ?? '';
    else if (row !== undefined && event.Event === 'BridgeLeave') row.BridgeId = '';
    else if (event.Event === 'Hangup') rows.delete(id);
    if (row === undefined) continue;
    for (const header of ['Linkedid', 'Exten', 'ChannelState', 'ConnectedLineNum', 'CallerIDNum']) {
      const value = event[header];
      if (value !== undefined) row[header] = value;
    }
  }
  return [...rows.values()];
}

/** The snapshot stored when the program stopped at `until`. */
function seedAt(recording: Recording, until: number): CallSnapshot {
  const { tracker, last } = recordingTracker();
  play(
    tracker,
    recording.steps.filter((step) => step.at <= until),
  );
  const all = [...last.values()];
  const seed = all.find((call) => call.endedAt === null) ?? all[0];
  if (seed === undefined) throw new Error('no snapshot was reported');
  return seed;
}

function rest(recording: Recording, from: number): Recording['steps'] {
  return recording.steps.filter((step) => step.at > from);
}

describe('resync', () => {
  it('continues a stored call whose channels still exist, with its start, legs and answers', () => {
    const recording = recordingOf('22/inbound-answered');
    const seed = seedAt(recording, 3000);
    const { tracker, last } = recordingTracker();

    tracker.resync(channelsAfter(recording, 4000), [seed], 4000);
    play(tracker, rest(recording, 4000));

    const call = last.get(seed.key);
    expect(last.size).toBe(1);
    expect(call).toMatchObject({ state: 'answered', startedAt: seed.startedAt, reconstructed: true });
    expect(call?.legs).toHaveLength(1);
    expect(call?.legs[0]).toMatchObject({ extension: '101', talkedAt: seed.legs[0]?.talkedAt, outcome: 'answered' });
    expect(call?.recordings).toEqual(seed.recordings);
  });

  it('continues a call that was answered while disconnected', () => {
    const recording = recordingOf('22/inbound-answered');
    const seed = seedAt(recording, 1000);
    const { tracker, last } = recordingTracker();

    tracker.resync(channelsAfter(recording, 4000), [seed], 4000);

    expect(last.get(seed.key)).toMatchObject({ state: 'talking', startedAt: seed.startedAt, reconstructed: true });
    expect(last.get(seed.key)?.legs[0]?.rangAt).toBe(seed.legs[0]?.rangAt);
  });

  it('continues a transferred call to its recorded end', () => {
    const recording = recordingOf('22/transfer-attended');
    const seed = seedAt(recording, 5000);
    const { tracker, last } = recordingTracker();

    tracker.resync(channelsAfter(recording, 5000), [seed], 5000);
    play(tracker, rest(recording, 5000));

    const call = last.get(seed.key);
    expect(call?.state).toBe('answered');
    expect(call?.legs.filter((leg) => leg.talkedAt !== null).map((leg) => leg.extension)).toEqual(['101', '102']);
  });

  it.each([
    [1000, 'missed'],
    [3000, 'answered'],
  ])('closes a stored call of %i ms whose channels are gone as %s', (until, state) => {
    const seed = seedAt(recordingOf('22/inbound-answered'), until);
    const { tracker, snapshots } = recordingTracker();

    tracker.resync([], [seed], 9000);

    expect(snapshots).toHaveLength(1);
    expect(snapshots[0]).toMatchObject({ key: seed.key, state, endedAt: 9000, reconstructed: true });
    expect(snapshots[0]?.legs.every((leg) => leg.endedAt !== null && leg.outcome !== null)).toBe(true);
    expect(tracker.size).toBe(0);
  });

  it('separates the client’s call from the colleagues’ own, whether the client left before or after the restart', () => {
    const recording = recordingOf('22/transfer-threeway-party-leaves');
    const left = recording.truth.sipp.find((phone) => phone.name === 'caller')?.calls[0]?.endedAt ?? 0;

    const unseen = recordingTracker();
    unseen.tracker.resync(channelsAfter(recording, left + 500), [seedAt(recording, left - 500)], left + 500);
    play(unseen.tracker, rest(recording, left + 500));

    const behind = recordingTracker();
    const seed = seedAt(recording, left + 500);
    expect(seed).toMatchObject({ direction: 'internal', endedAt: null });
    behind.tracker.resync(channelsAfter(recording, left + 1000), [seed], left + 1000);
    play(behind.tracker, rest(recording, left + 1000));

    const statesOf = (calls: ReadonlyMap<string, CallSnapshot>) =>
      [...calls.values()].map((one) => [one.direction, one.state]);
    expect(statesOf(unseen.last)).toEqual([
      ['inbound', 'answered'],
      ['internal', 'answered'],
    ]);
    expect([...unseen.last.values()][0]?.endedAt).toBe(left + 500);
    expect(statesOf(behind.last)).toEqual([['internal', 'answered']]);
    expect([...behind.last.keys()]).toEqual([seed.key]);
  });

  it('closes calls from before a restart of Asterisk and opens those after it', () => {
    const seed = seedAt(recordingOf('22/inbound-answered'), 3000);
    const other = recordingOf('22/two-devices');
    const { tracker, last } = recordingTracker();

    tracker.resync(channelsAfter(other, 3000), [seed], 3000);
    play(tracker, rest(other, 3000));

    const calls = [...last.values()];
    expect(calls.map((call) => [call.state, call.reconstructed])).toEqual([
      ['answered', true],
      ['answered', true],
    ]);
    expect(calls.find((call) => call.key !== seed.key)?.legs.map((leg) => leg.extension)).toEqual(['105']);
  });

  it('builds an unknown live call from its channels', () => {
    const recording = recordingOf('22/inbound-answered');
    const rows = channelsAfter(recording, 4000).map((row) => ({ ...row, Duration: '00:00:04' }));
    const { tracker, last } = recordingTracker();

    tracker.resync(rows, [], 4000);

    const [call] = [...last.values()];
    expect(call).toMatchObject({ state: 'talking', startedAt: 0, reconstructed: true, direction: 'inbound' });
    expect(call).toMatchObject({ party: { raw: '79990000001' }, dialled: '74950000002' });
  });

  it('leaves the dialled number empty if only the called phone’s channel exists', () => {
    const recording = recordingOf('22/inbound-answered');
    const after = channelsAfter(recording, 4000).filter((row) => String(row.Channel).startsWith('PJSIP/101-'));
    const { tracker, last } = recordingTracker();

    tracker.resync(after, [], 4000);
    tracker.handle('Hangup', { ...after[0], Cause: '16' }, 4100);

    expect([...last.values()]).toMatchObject([
      { direction: 'inbound', party: { raw: '79990000001' }, dialled: null, state: 'answered', reconstructed: true },
    ]);
  });

  it('waits for the call record if the only channel of a call does not name the caller', () => {
    const recording = recordingOf('22/inbound-answered');
    const after = channelsAfter(recording, 4000)
      .filter((row) => String(row.Channel).startsWith('PJSIP/101-'))
      .map((row) => ({ ...row, ConnectedLineNum: '<unknown>' }));
    const { tracker, snapshots } = recordingTracker();

    tracker.resync(after, [], 4000);
    tracker.handle('Hangup', { ...after[0], Cause: '16' }, 4100);

    expect(snapshots).toEqual([]);
  });

  it('tracks a call whose caller was connected before the first event', () => {
    const recording = recordingOf('22/inbound-answered');
    const first = recording.steps.findIndex(({ event }) => event.Event === 'Newchannel');
    const { tracker, last } = recordingTracker();

    tracker.resync([], [], 0);
    play(tracker, recording.steps.slice(first + 1));

    expect([...last.values()]).toMatchObject([
      {
        direction: 'inbound',
        party: { raw: '79990000001' },
        dialled: '74950000002',
        state: 'answered',
        reconstructed: true,
      },
    ]);
  });

  it('closes a call whose Hangup was lost with the connection', () => {
    const recording = recordingOf('22/inbound-answered');
    const { tracker, last } = recordingTracker();
    play(
      tracker,
      recording.steps.filter((step) => step.at <= 3000),
    );

    tracker.resync([], [], 8000);
    tracker.sweep(9000);

    expect([...last.values()][0]).toMatchObject({ state: 'answered', endedAt: 8000, reconstructed: true });
    expect(tracker.size).toBe(0);
  });

  it('ends a long call when its channels are gone without a Hangup', () => {
    const { tracker, last } = recordingTracker();
    const { steps } = recordingOf('22/inbound-answered');
    play(
      tracker,
      steps.filter(({ event }) => event.Event !== 'Hangup'),
    );

    const [live] = [...last.values()];
    expect(live?.endedAt).toBeNull();
    expect(tracker.channelsBefore(0)).toEqual([]);
    expect(tracker.channelsBefore(live?.startedAt ?? 0)).toEqual([]);
    const strays = tracker.channelsBefore(400_000);
    tracker.lose([...strays, 'never.1'], 400_000);
    expect(tracker.channelsBefore(400_000)).toEqual([]);
    tracker.sweep(500_000);

    expect(strays).toHaveLength(2);
    expect([...last.values()][0]).toMatchObject({ state: 'answered', endedAt: 400_000, reconstructed: true });
    expect(tracker.size).toBe(0);
  });

  it('reports nothing if nothing was missed', () => {
    const recording = recordingOf('22/inbound-answered');
    const { tracker, snapshots } = recordingTracker();
    play(
      tracker,
      recording.steps.filter((step) => step.at <= 3000),
    );
    const before = snapshots.length;

    tracker.resync(channelsAfter(recording, 3000), [], 3000);

    expect(snapshots.length).toBe(before);
  });
});
