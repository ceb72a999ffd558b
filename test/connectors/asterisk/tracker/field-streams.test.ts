import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CallTracker } from '../../../../src/connectors/asterisk/tracker/call-tracker.ts';
import type { Fields } from '../../../../src/connectors/asterisk/tracker/model.ts';
import type { CallSnapshot } from '../../../../src/domain/interaction/contact-event.ts';
import { endpointsFor } from '../../../support/asterisk-config.ts';
import { callCases, fieldConfig } from '../../../support/field-calls.ts';
import { recordings, type Step } from './support.ts';

const lines = new Set((fieldConfig.lines as unknown as readonly { address: string }[]).map(({ address }) => address));

interface Stream {
  readonly name: string;
  readonly steps: readonly Step[];
}

/** A tracker with the settings of the field cases, and the calls that it has reported. */
function fieldTracker() {
  const last = new Map<string, CallSnapshot>();
  const endpoints = endpointsFor(fieldConfig.connector);
  const options = {
    connection: 'pbx',
    endpoints,
    isLine: (number: string) => lines.has(number),
    lingerMs: 1000,
    maxCalls: 10_000,
  };
  const tracker = new CallTracker(options, (snapshot) => {
    for (const alias of snapshot.aliases) last.delete(alias);
    last.set(snapshot.key, snapshot);
  });
  const play = (steps: readonly Step[]) => {
    for (const { at, event } of steps) tracker.handle(event.Event ?? '', event as Fields, at);
  };
  return { tracker, last, play };
}

const [given, written] = (['field-cases', 'own-cases'] as const).map((folder) => {
  const { cases, steps } = callCases(folder);
  const files = Object.keys(cases).filter((file) => file.endsWith('.jsonl'));
  return files.map((file) => ({ name: file, steps: steps(file) as readonly Step[] }));
}) as [Stream[], Stream[]];
const recorded = recordings().map(({ name, steps }) => ({ name, steps }));
const field = [...given, ...written];
const all = [...field, ...recorded];
const lastAt = Math.max(...all.flatMap(({ steps }) => steps.map(({ at }) => at)));
/** Streams in which nothing but channels of Asterisk's own making appear. */
const technical = field.filter(({ name }) => /^(originate-failed|sip-message)\.jsonl$/.test(name));

/** The stream with ids and bridges of its own, so that several of them can be played at once. */
function own(steps: readonly Step[], number: number): readonly Step[] {
  const text = JSON.stringify(steps)
    .replaceAll(/"(1795\d+\.\d+)"/g, `"${number}-$1"`)
    .replaceAll(/"((?:Dest|From|To)?BridgeUniqueid)":"/g, `"$1":"${number}-`)
    .replaceAll(/(-[0-9a-f]{8})(;[12])?"/g, `-${String(number).padStart(8, '0')}$1$2"`);
  return JSON.parse(text) as Step[];
}

/** What people see of the calls, without times and keys. */
function seen(calls: Iterable<CallSnapshot>) {
  const texts = [...calls].map(({ direction, state, party, legs }) =>
    JSON.stringify({
      direction,
      state,
      party: party.raw,
      legs: legs.map(({ kind, extension, phone, outcome, talkedAt }) => [
        kind,
        extension,
        phone,
        outcome,
        talkedAt !== null,
      ]),
    }),
  );
  return texts.sort();
}

/** Events that alone tell listening, paging or a conference from a call. Without them there is one call more. */
const onlyWitness = [
  'conference.jsonl: BridgeEnter',
  'page.jsonl: DialBegin',
  'page.jsonl: Newchannel',
  'spy-by-code.jsonl: Newexten',
  'spy-by-originate-client.jsonl: Newexten',
];

/** How many calls a stream makes. */
function callsOf(steps: readonly Step[]): number {
  const { tracker, last, play } = fieldTracker();
  play(steps);
  tracker.tellLate(lastAt);
  return last.size;
}

/** Steps that each belong to one of several streams, in their order within each stream. */
const streams = fc.uniqueArray(fc.nat(all.length - 1), { minLength: 2, maxLength: 6 });

describe('streams of the field', () => {
  it.each(['SIP', 'IAX2', 'SCCP', 'Dongle', 'Khomp', 'Skinny', 'CAPI', 'Motif'])(
    'tell the same over %s',
    (technology) => {
      for (const { name, steps } of field) {
        const plain = fieldTracker();
        const other = fieldTracker();
        plain.play(steps);
        other.play(JSON.parse(JSON.stringify(steps).replaceAll('"PJSIP/', `"${technology}/`)) as Step[]);
        expect(seen(other.last.values()), name).toEqual(seen(plain.last.values()));
      }
    },
  );

  it('do not disturb each other, whichever way they interleave and even if each event comes twice', () => {
    fc.assert(
      fc.property(
        streams,
        fc.array(fc.nat(40_000), { minLength: 6, maxLength: 6 }),
        fc.boolean(),
        (picks, shifts, twice) => {
          const parts = picks.map((pick, i) =>
            own(all[pick]?.steps ?? [], i).map((step) => ({ ...step, at: step.at + (shifts[i] ?? 0) })),
          );
          const expected = parts.flatMap((part) => {
            const alone = fieldTracker();
            alone.play(part);
            return seen(alone.last.values());
          });
          const together = fieldTracker();
          const steps = parts.flat().sort((a, b) => a.at - b.at);
          together.play(twice ? steps.flatMap((step) => [step, step]) : steps);
          together.tracker.sweep(2 * lastAt + 100_000);

          expect(seen(together.last.values())).toEqual(expected.sort());
          expect([together.tracker.size, together.tracker.live]).toEqual([0, 0]);
        },
      ),
      { numRuns: 150, seed: 20261130 },
    );
  });

  it('never throw, leak or leave a call open, whatever is lost, doubled or late', () => {
    const fates = fc.array(fc.constantFrom('keep', 'keep', 'keep', 'keep', 'drop', 'double', 'late'), {
      minLength: 60,
      maxLength: 60,
    });
    fc.assert(
      fc.property(streams, fates, (picks, fate) => {
        const steps = picks.flatMap((pick, i) => own(all[pick]?.steps ?? [], i)).sort((a, b) => a.at - b.at);
        const mangled = steps.flatMap((step, i) => {
          const one = fate[i % fate.length];
          if (one === 'drop') return [];
          return one === 'double' ? [step, step] : [one === 'late' ? { ...step, at: step.at + 3000 } : step];
        });
        const { tracker, last, play } = fieldTracker();
        play(mangled.sort((a, b) => a.at - b.at));
        tracker.resync([], [], 2 * lastAt);
        tracker.sweep(3 * lastAt);

        expect([tracker.size, tracker.live]).toEqual([0, 0]);
        for (const call of last.values()) expect(call.endedAt).not.toBeNull();
        const keys = [...last.values()].flatMap((call) => [call.key, ...call.aliases]);
        expect(keys).toHaveLength(new Set(keys).size);
      }),
      { numRuns: 200, seed: 20261130 },
    );
  });

  it('never make two calls of one, whichever event is lost', () => {
    const split = [...given, ...recorded].flatMap(({ name, steps }) => {
      const calls = callsOf(steps);
      return steps.flatMap(({ event }, lost) =>
        callsOf(steps.filter((_, i) => i !== lost)) > calls ? [`${name}: ${event.Event}`] : [],
      );
    });
    expect(split.sort()).toEqual(onlyWitness);
  });

  it('make no call of what only technical channels do, whatever is lost', () => {
    for (const { name, steps } of technical)
      for (let lost = 0; lost <= steps.length; lost++) {
        const { tracker, last, play } = fieldTracker();
        play(steps.filter((_, i) => i !== lost));
        expect([last.size, tracker.size], name).toEqual([0, 0]);
      }
  });
});
