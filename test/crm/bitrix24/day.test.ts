import { describe, expect, it, onTestFinished } from 'vitest';
import { ledgerTable } from './day/ledger-table.ts';
import type { DayOffice, Mode } from './day/office.ts';
import { play } from './day/play.ts';
import type { Size } from './day/schedule.ts';
import { killsOf, quickKinds, troublesOf } from './day/troubles.ts';

/**
 * `PATCHBAY_DAY_SEEDS=1-20` plays the days of these seeds, and prints how the ledger's steps were settled. With
 * `PATCHBAY_DAY_WHOLE=1` they are days of everything that was recorded.
 */
const asked = process.env.PATCHBAY_DAY_SEEDS;
const [from = 1, to = from] = (asked ?? '1').split('-').map(Number);
const seeds = Array.from({ length: to - from + 1 }, (_, index) => from + index);
const size: Size =
  process.env.PATCHBAY_DAY_WHOLE === undefined
    ? { calls: 100, letters: 20, messages: 20, forms: 15 }
    : { calls: 240, letters: 90, messages: 90, forms: 50 };
const modes: readonly Mode[] = ['webhook', 'app'];

/** What is still owed, or waits for a person. */
async function left({ read }: DayOffice) {
  const rows = [];
  for (const state of ['due', 'parked'] as const)
    rows.push(...(await read.owed({ limit: 200, cursor: null, state })).items);
  return rows.map(({ kind, state, lastReason, lastError }) => ({ kind, state, why: lastReason?.code, lastError }));
}

describe.each(modes)('a day of all channels against a portal that is reached by %s', (mode) => {
  it.each(seeds)(
    'ends with the portal as we have it, whatever goes wrong: seed %i',
    async (seed) => {
      const kills = killsOf(seed, 20, 15 * size.calls);
      const troubles = troublesOf({ seed, mode, hanging: asked === undefined ? 0.2 : 1 });
      const { office, differences } = await play({ mode, seed, size, kills, troubles });
      onTestFinished(() => office.close());
      const { faults, state } = office.portal;
      const table = ledgerTable(office.log, faults.happened);
      if (asked !== undefined) console.table(table);

      expect(differences.join('\n')).toBe('');
      expect(state.complaints).toEqual([]);
      expect(state.sentLetters).toEqual([]);

      // A person deletes the calls of the client who was deleted here.
      expect((await left(office)).filter(({ why }) => why !== 'callsStay')).toEqual([]);
      expect(office.log.open()).toEqual([]);
      expect(Object.values(table).filter(({ open }) => open > 0)).toEqual([]);

      // It would be no test if nothing had gone wrong.
      const spoiled = new Set(faults.happened.map((fault) => fault.split(' ')[0]));
      const called = ['upload', ...state.counts.keys()].map((method) => method.toLowerCase());
      const events = /^(event|placement)\./;
      expect(called.filter((method) => !spoiled.has(method) && !events.test(method))).toEqual([]);
      expect(called.length).toBeGreaterThan(20);
      const kinds = new Set(faults.happened.map((fault) => fault.split(' ')[1]));
      expect(quickKinds.filter((kind) => !kinds.has(kind))).toEqual([]);
      expect(office.kills).toBeGreaterThan(5);
    },
    1_800_000,
  );
});
