import { describe, expect, it } from 'vitest';
import { firstAnswer, isHumanLeg } from '../../../../src/domain/call-facts.ts';
import type { CallSnapshot } from '../../../../src/domain/contact-event.ts';
import { play, type Recording, recordings, trackerWith } from './support.ts';

/** Flows with several calls, and how many: the truth speaks of the last. */
const SEVERAL: Readonly<Record<string, number>> = { 'two-at-once': 2, 'caller-of-many': 2 };

function replay(recording: Recording): readonly CallSnapshot[] {
  const { tracker, last } = trackerWith();
  play(tracker, recording.steps);
  return [...last.values()].sort((a, b) => a.startedAt - b.startedAt);
}

function talkers(calls: readonly CallSnapshot[]): readonly string[] {
  const legs = calls.flatMap((call) => call.legs).filter((leg) => isHumanLeg(leg) && leg.talkedAt !== null);
  return legs.map((leg) => leg.extension ?? leg.phone ?? '?').sort();
}

describe.each(recordings().map((recording) => [recording.name, recording] as const))('%s', (_name, recording) => {
  const { truth } = recording;

  it('ends with the truth', () => {
    const calls = replay(recording);

    expect(calls.length).toBe(SEVERAL[recording.flow] ?? 1);
    const call = calls.at(-1) as CallSnapshot;
    expect(calls.map((one) => one.endedAt === null)).not.toContain(true);
    expect({ direction: call.direction, state: call.state }).toEqual({
      direction: truth.direction,
      state: truth.state,
    });
    if (truth.direction === 'inbound') {
      const from = call.party.withheld ? 'withheld' : call.party.raw;
      expect([from, call.dialled]).toEqual([truth.from, truth.to]);
    } else expect([call.legs[0]?.extension, call.party.raw]).toEqual([truth.from, truth.to]);
    expect(talkers(calls)).toEqual([...truth.talked].sort());
    for (const leg of call.legs) {
      expect(leg.endedAt).not.toBeNull();
      expect(leg.outcome).not.toBeNull();
    }
  });

  it('counts seconds as the phones did', () => {
    const calls = replay(recording);

    const phones = truth.sipp.filter((phone) => phone.name.startsWith('phone-'));
    for (const call of calls) {
      for (const leg of call.legs) {
        if (leg.kind !== 'extension' || leg.talkedAt === null || leg.endedAt === null) continue;
        const ends = phones.filter((phone) => phone.name.startsWith(`phone-${leg.extension}`));
        const answers = ends.flatMap((phone) => phone.calls).filter((one) => one.answeredAt !== null);
        if (answers.length === 0) continue;
        // Whoever answered a colleague first talked to the client later, hence "not before".
        const near = answers.some((one) => (leg.talkedAt ?? 0) >= (one.answeredAt ?? 0) - 1000);
        expect(near).toBe(true);
      }
    }
    if (recording.flow.startsWith('inbound') && truth.talked.length > 0) {
      const answer = phones.flatMap((phone) => phone.calls).find((one) => one.answeredAt !== null);
      const call = calls.at(-1) as CallSnapshot;
      expect(Math.abs((firstAnswer(call.legs) ?? 0) - (answer?.answeredAt ?? 0))).toBeLessThan(1000);
      const leg = call.legs.find((one) => one.talkedAt !== null);
      const seconds = ((leg?.endedAt ?? 0) - (leg?.talkedAt ?? 0)) / 1000;
      expect(Math.abs(seconds - (answer?.talkSeconds ?? 0))).toBeLessThan(1);
    }
  });
});
