import { describe, expect, it } from 'vitest';
import type { CallSnapshot } from '../../../../src/domain/interaction/contact-event.ts';
import { play, type Recording, recordings, recordingTracker } from './support.ts';

function recordingOf(name: string): Recording {
  const recording = recordings().find((one) => one.name === name);
  if (recording === undefined) throw new Error(`no recording ${name}`);
  return recording;
}

/** The first call of a recorded flow, which is usually the only one. */
function callOf(name: string): CallSnapshot {
  const { tracker, last } = recordingTracker();
  play(tracker, recordingOf(name).steps);
  const [call] = [...last.values()];
  if (call === undefined) throw new Error(`${name}: no call`);
  return call;
}

describe.each(['16', '22'])('Asterisk %s', (version) => {
  it.each([
    ['inbound-busy', ['101 busy']],
    ['inbound-rejected', ['101 rejected']],
    ['inbound-unanswered', ['101 no_answer']],
    ['inbound-abandoned', ['101 cancelled']],
    ['inbound-hunt', ['101 no_answer', '102 answered']],
    ['group-answered', ['101 elsewhere', '102 answered', '103 busy']],
    ['transfer-blind-unanswered', ['101 answered', '102 cancelled']],
    ['two-devices', ['105 answered']],
  ])('%s: reports the outcome of each leg', (flow, outcomes) => {
    const legs = callOf(`${version}/${flow}`).legs.map((leg) => `${leg.extension} ${leg.outcome}`);

    expect([...legs].sort()).toEqual(outcomes);
  });

  it.each([
    ['transfer-blind', 'blind 101>102 done'],
    ['transfer-blind-refer', 'blind 101>102 done'],
    ['transfer-blind-unanswered', 'blind 101>102 failed'],
    ['transfer-blind-unavailable', 'blind 101>105 failed'],
    ['transfer-attended', 'attended 101>102 done'],
    ['transfer-attended-group', 'attended 101>103 done'],
    ['transfer-blonde', 'blonde 101>102 done'],
    ['pickup', 'pickup 101>103 done'],
    ['park-retrieved', 'park 101>102 done'],
    ['park-returned', 'park 101>701 returned'],
  ])('%s: reports the transfer', (flow, expected) => {
    const { transfers } = callOf(`${version}/${flow}`);

    const described = transfers.map((one) => `${one.kind} ${one.from.extension}>${one.to.extension} ${one.outcome}`);
    expect(described).toEqual([expected]);
  });

  it.each([
    ['transfer-party-leaves', ['101']],
    ['transfer-threeway-party-leaves', ['101', '102']],
  ])('%s: ends when the client leaves, and what colleagues say afterwards is their own call', (flow, talkers) => {
    const { steps, truth } = recordingOf(`${version}/${flow}`);
    const { tracker, last } = recordingTracker();
    play(tracker, steps);
    const [first, second] = [...last.values()];
    const left = truth.sipp.find((phone) => phone.name === 'caller')?.calls[0]?.endedAt ?? 0;

    expect(first).toMatchObject({ direction: 'inbound', state: 'answered', party: { raw: '79990000001' } });
    expect(Math.abs((first?.endedAt ?? 0) - left)).toBeLessThan(200);
    expect(first?.legs.filter((leg) => leg.talkedAt !== null).map((leg) => leg.extension)).toEqual(talkers);
    expect(second).toMatchObject({ direction: 'internal', state: 'answered', party: { raw: '102' }, aliases: [] });
    expect(second?.legs.map((leg) => leg.extension)).toEqual(['101', '102']);
    expect(second?.startedAt).toBe(first?.endedAt);
    expect((second?.endedAt ?? 0) - (second?.startedAt ?? 0)).toBeGreaterThan(1500);
  });

  it('distinguishes menus, queues and voicemail from humans', () => {
    const kinds = ['ivr-abandoned', 'queue-abandoned', 'voicemail'].map((flow) =>
      callOf(`${version}/${flow}`)
        .legs.filter((leg) => leg.kind !== 'extension')
        .map((leg) => leg.kind),
    );

    expect(kinds).toEqual([['ivr'], ['queue'], ['voicemail']]);
  });

  it('reports the file of the recording', () => {
    const { recordings: files } = callOf(`${version}/inbound-answered`);

    expect(files).toMatchObject([{ state: 'pending', kind: 'call' }]);
    expect(files[0]?.file).toMatch(/\.wav$/);
  });
});
