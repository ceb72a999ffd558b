import { describe, expect, it } from 'vitest';
import { firstAnswer, talkSeconds } from '../../../../src/domain/call/call-facts.ts';
import { isHumanLeg } from '../../../../src/domain/call/human-leg.ts';
import type { CallSnapshot } from '../../../../src/domain/interaction/contact-event.ts';
import { play, type Recording, recordings, recordingTracker, type Truth } from './support.ts';

/** Flows with several calls and their number; the truth describes the last call. */
const SEVERAL: Readonly<Record<string, number>> = {
  'two-at-once': 2,
  'caller-of-many': 2,
  'transfer-party-leaves': 2,
  'transfer-threeway-party-leaves': 2,
};

/** The other party is handed over: a phone may stay busy after its leg, and nobody talks while the next one rings. */
const GIVEN_AWAY = /^(transfer|park)/;
/** The PBX itself answers the caller before a human does. */
const WAITS_ANSWERED = /queue|^ivr/;

function withinSecond(one: number | null, two: number | null): boolean {
  return one !== null && two !== null && Math.abs(one - two) <= 1000;
}

function outsidePhone(truth: Truth): string {
  return truth.direction === 'inbound' ? 'caller' : 'trunk';
}

function replay(recording: Recording): readonly CallSnapshot[] {
  const { tracker, last } = recordingTracker();
  play(tracker, recording.steps);
  return [...last.values()].sort((a, b) => a.startedAt - b.startedAt);
}

function talkers(calls: readonly CallSnapshot[]): readonly string[] {
  const legs = calls.flatMap((call) => call.legs).filter((leg) => isHumanLeg(leg) && leg.talkedAt !== null);
  return legs.map((leg) => leg.extension ?? leg.phone ?? '?').sort();
}

describe.each(recordings().map((recording) => [recording.name, recording] as const))('%s', (_name, recording) => {
  const { truth } = recording;

  it('ends with the true call', () => {
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

  it('measures the same seconds as the phones', () => {
    const calls = replay(recording);

    for (const call of calls) {
      for (const leg of call.legs) {
        if (leg.kind !== 'extension' || leg.talkedAt === null) continue;
        const phones = truth.sipp.filter(
          (phone) => /^(phone|dial)-/.test(phone.name) && phone.name.includes(`-${leg.extension}`),
        );
        const answered = phones.flatMap((phone) => phone.calls).filter((one) => one.answeredAt !== null);
        const fits = answered.filter(
          (one) => withinSecond(one.endedAt, leg.endedAt) || GIVEN_AWAY.test(recording.flow),
        );
        expect(fits.length, `end of ${leg.extension}`).toBeGreaterThan(0);
      }
    }
    const outside = truth.sipp.filter((phone) => phone.name === outsidePhone(truth)).flatMap((phone) => phone.calls);
    if (truth.talked.length === 0 || truth.direction === 'internal' || WAITS_ANSWERED.test(recording.flow)) return;
    for (const call of calls.filter((one) => one.state === 'answered')) {
      const same = outside.filter((one) => withinSecond(one.answeredAt, firstAnswer(call.legs)));
      expect(same.length, 'first answer').toBeGreaterThan(0);
      if (GIVEN_AWAY.test(recording.flow)) continue;
      const seconds = talkSeconds(call) ?? 0;
      expect(
        same.some((one) => Math.abs(one.talkSeconds - seconds) <= 1),
        `talk of ${seconds} s`,
      ).toBe(true);
    }
  });
});
