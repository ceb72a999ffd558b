import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CallSnapshot } from '../../../../src/domain/interaction/contact-event.ts';
import { play, recordings, recordingTracker, type Step } from './support.ts';

const ALL = recordings();

/** The recording as if it happened again later, with different ids. */
function again(steps: readonly Step[], round: number): readonly Step[] {
  const text = JSON.stringify(steps).replaceAll(/"1795(\d+\.\d+)"/g, `"${2000 + round}$1"`);
  return JSON.parse(text) as Step[];
}

describe('robustness', () => {
  it('releases everything after all calls have ended and lingered', () => {
    const { tracker } = recordingTracker();

    for (const recording of ALL) {
      for (const round of [0, 1]) play(tracker, again(recording.steps, round));
      tracker.sweep(1_000_000);
    }

    expect(tracker.size).toBe(0);
  });

  it('is not affected by duplicate events', () => {
    for (const recording of ALL) {
      const once = recordingTracker();
      const twice = recordingTracker();

      play(once.tracker, recording.steps);
      play(
        twice.tracker,
        recording.steps.flatMap((step) => [step, step]),
      );

      const plain = ({ state, legs, direction, transfers }: CallSnapshot) => ({ state, legs, direction, transfers });
      expect([...twice.last.values()].map(plain), recording.name).toEqual([...once.last.values()].map(plain));
    }
  });

  it('never throws and leaves no open call, despite lost, duplicate and reordered events', () => {
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
        const { tracker, last } = recordingTracker();

        play(tracker, mangled);
        tracker.resync([], [], 100_000);
        tracker.sweep(200_000);

        expect(tracker.size).toBe(0);
        for (const call of last.values()) expect(call.endedAt).not.toBeNull();
      }),
      { numRuns: 200 },
    );
  });

  it.each(['transfer-attended-group', 'transfer-attended', 'transfer-attended-queue', 'group-answered'])(
    '%s stays one call if its events are late or lost',
    (flow) => {
      const found = ALL.filter((recording) => recording.flow === flow);
      const mangled = fc.constantFrom(...found).chain(({ steps }) =>
        fc.record({
          steps: fc.constant(steps),
          late: fc.array(fc.constantFrom(0, 0, 0, 1, 3, 8), { minLength: steps.length, maxLength: steps.length }),
          lost: fc.array(fc.integer({ min: 0, max: 19 }), { minLength: steps.length, maxLength: steps.length }),
        }),
      );

      fc.assert(
        fc.property(mangled, ({ steps, late, lost }) => {
          const order = steps
            .map((step, index) => ({ step, place: index + (late[index] ?? 0), kept: lost[index] !== 0 }))
            .filter((one) => one.kept)
            .sort((a, b) => a.place - b.place);
          const { tracker, last } = recordingTracker();

          play(
            tracker,
            order.map(({ step }, index) => ({ ...step, at: index })),
          );
          tracker.resync([], [], 100_000);

          expect(last.size).toBeLessThanOrEqual(1);
          for (const call of last.values()) expect(call.endedAt).not.toBeNull();
        }),
        { numRuns: 300, seed: 20261124 },
      );
    },
  );

  it('limits the number of tracked calls', () => {
    const { tracker } = recordingTracker();

    for (let index = 0; index < 1500; index++) {
      const id = `1.${index}`;
      tracker.handle('Newchannel', { Channel: `PJSIP/trunk-${index}`, Uniqueid: id, Linkedid: id }, index);
    }

    expect(tracker.size).toBe(1000);
  });
});
