import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CallSnapshot } from '../../../../src/domain/contact-event.ts';
import { play, recordings, type Step, trackerWith } from './support.ts';

const ALL = recordings();

/** The recording as if it had happened again later: no id of it is the same. */
function again(steps: readonly Step[], round: number): readonly Step[] {
  const text = JSON.stringify(steps).replaceAll(/"1795(\d+\.\d+)"/g, `"${2000 + round}$1"`);
  return JSON.parse(text) as Step[];
}

describe('robustness', () => {
  it('holds nothing once all calls have ended and lingered', () => {
    const { tracker } = trackerWith();

    for (const recording of ALL) {
      for (const round of [0, 1]) play(tracker, again(recording.steps, round));
      tracker.sweep(1_000_000);
    }

    expect(tracker.size).toBe(0);
  });

  it('changes nothing when every event comes twice', () => {
    for (const recording of ALL) {
      const once = trackerWith();
      const twice = trackerWith();

      play(once.tracker, recording.steps);
      play(
        twice.tracker,
        recording.steps.flatMap((step) => [step, step]),
      );

      const plain = ({ state, legs, direction, transfers }: CallSnapshot) => ({ state, legs, direction, transfers });
      expect([...twice.last.values()].map(plain), recording.name).toEqual([...once.last.values()].map(plain));
    }
  });

  it('never throws, never leaves a ghost, whatever is lost, doubled or out of order', () => {
    const anySteps = fc.constantFrom(...ALL).chain((recording) =>
      fc.record({
        steps: fc.constant(recording.steps),
        fates: fc.array(fc.constantFrom('keep', 'keep', 'keep', 'drop', 'double', 'swap'), {
          minLength: recording.steps.length,
          maxLength: recording.steps.length,
        }),
      }),
    );

    fc.assert(
      fc.property(anySteps, ({ steps, fates }) => {
        const mangled: Step[] = [];
        for (const [index, step] of steps.entries()) {
          const fate = fates[index];
          if (fate === 'drop') continue;
          if (fate === 'swap') mangled.splice(Math.max(0, mangled.length - 3), 0, step);
          else mangled.push(step);
          if (fate === 'double') mangled.push(step);
        }
        const { tracker, last } = trackerWith();

        play(tracker, mangled);
        tracker.resync([], [], 100_000);
        tracker.sweep(200_000);

        expect(tracker.size).toBe(0);
        for (const call of last.values()) expect(call.endedAt).not.toBeNull();
      }),
      { numRuns: 200 },
    );
  });

  it('does not follow more calls than it may', () => {
    const { tracker } = trackerWith();

    for (let index = 0; index < 1500; index++) {
      const id = `1.${index}`;
      tracker.handle('Newchannel', { Channel: `PJSIP/trunk-${index}`, Uniqueid: id, Linkedid: id }, index);
    }

    expect(tracker.size).toBe(1000);
  });
});
