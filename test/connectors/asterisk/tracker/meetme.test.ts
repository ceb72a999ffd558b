import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { CallSnapshot } from '../../../../src/domain/interaction/contact-event.ts';
import { play, recordingTracker, type Step } from './support.ts';

/** A client and two colleagues in a MeetMe room, with the events and fields that Asterisk's documentation gives them. */
const steps = readFileSync(new URL('../../../fixtures/ami-meetme.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Step);

/** The same meeting later, with channels of its own. */
const later = JSON.parse(
  JSON.stringify(steps).replaceAll('1795503500', '1795509999').replaceAll('-0000000', '-0000001'),
) as Step[];

const talks = (call: CallSnapshot | undefined) =>
  call?.legs.map(({ extension, talkedAt, endedAt }) => [extension, talkedAt, endedAt]);

describe('a MeetMe conference', () => {
  it('is one call, in which those in the room talk', () => {
    const { tracker, last } = recordingTracker();
    play(tracker, steps);
    const calls = [...last.values()];
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatchObject({ direction: 'inbound', state: 'answered', party: { raw: '79990000030' } });
    expect(talks(calls[0])).toEqual([
      ['101', 5000, 60_000],
      ['102', 6000, 60_000],
    ]);
    expect(tracker.live).toBe(0);
  });

  it('is missed if the client left before the first colleague came, who then talk among themselves', () => {
    const { tracker, last } = recordingTracker();
    const client = steps.filter(({ event }) => event.Uniqueid === '1795503500.0');
    play(
      tracker,
      client.map((step) => ({ ...step, at: Math.min(step.at, 4000) })),
    );
    play(
      tracker,
      steps.filter(({ event }) => event.Uniqueid !== '1795503500.0'),
    );
    expect([...last.values()]).toMatchObject([
      { direction: 'inbound', state: 'missed', legs: [] },
      { direction: 'internal', state: 'answered' },
    ]);
  });

  it('does not join the next one in the same room, although nobody was reported to leave', () => {
    const { tracker, last } = recordingTracker();
    play(
      tracker,
      steps.filter(({ event }) => !/^(MeetmeLeave|Hangup)$/.test(event.Event ?? '')),
    );
    play(tracker, later);
    expect([...last.values()].map(({ key, aliases }) => [key, aliases.length])).toEqual([
      ['pbx:1795503500.0', 2],
      ['pbx:1795509999.0', 2],
    ]);
  });
});
