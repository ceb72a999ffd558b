import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callsOfCel } from '../../../../../src/connectors/asterisk/record/cel/calls.ts';
import { celRowOf } from '../../../../../src/connectors/asterisk/record/cel/row.ts';
import { recordZone } from '../../../../../src/connectors/asterisk/record/zone.ts';
import type { CallSnapshot } from '../../../../../src/domain/interaction/contact-event.ts';
import { recordRules } from '../../../../support/call-records.ts';
import { play, recordings, recordingTracker } from '../../tracker/support.ts';

interface Recorded {
  readonly flow: string;
  readonly rows: readonly (readonly (string | number)[])[];
}

const { toInstant } = recordZone('UTC');
const live = new Map(recordings().map((one) => [one.name, one.steps]));

/** What cel_sqlite3_custom wrote of the lab's flows. */
const flows = ['16', '22'].flatMap((version) => {
  const text = readFileSync(new URL(`../../../../fixtures/cel/asterisk-${version}.jsonl`, import.meta.url), 'utf8');
  const [head = '', ...lines] = text.trim().split('\n');
  const { columns } = JSON.parse(head) as { readonly columns: readonly string[] };
  return lines
    .map((line) => JSON.parse(line) as Recorded)
    .map(({ flow, rows }) => ({
      name: `${version}/${flow}`,
      rows: rows.map((row) => Object.fromEntries(columns.map((column, i) => [column, String(row[i] ?? '')]))),
    }));
});

function calls(rows: readonly Readonly<Record<string, string>>[]): readonly CallSnapshot[] {
  const parsed = rows.flatMap((row) => celRowOf((name) => row[name] ?? '', toInstant) ?? []);
  return callsOfCel(parsed, recordRules({ extensions: '^\\d{3}$' }));
}

/** What people see of calls, without times and keys. The place of a parked caller is not in the table. */
function seen(some: Iterable<CallSnapshot>) {
  return [...some].map(({ direction, state, party, dialled, trunk, result, legs, transfers }) => ({
    ...{ direction, state, party, dialled, trunk, result: result?.reason ?? null },
    // Which telephone of a group rings first is chance.
    legs: legs
      .map(({ kind, extension, phone, outcome, talkedAt, rings, left }) => {
        return [kind, extension, phone, outcome, talkedAt !== null, rings, left].join(' ');
      })
      .sort(),
    transfers: transfers.map(({ kind, from, to, outcome }) => {
      return [kind, from.extension, kind === 'park' ? '' : (to.extension ?? to.phone), outcome].join(' ');
    }),
  }));
}

describe('the events that Asterisk wrote of a flow into its cel table', () => {
  it.each(flows)('tell the same as the live ones: $name', ({ name, rows }) => {
    const { tracker, last } = recordingTracker();
    play(tracker, live.get(name) ?? []);
    tracker.tellLate(0);
    const told = calls(rows);
    expect(seen(told)).toEqual(seen(last.values()));
    for (const call of told) {
      expect(call).toMatchObject({ basis: 'record', reconstructed: true });
      expect(call.endedAt).not.toBeNull();
    }
  });

  it('tell only ended calls whatever rows are lost, doubled or out of order', () => {
    const all = flows.flatMap(({ rows }) => rows);
    const some = fc.array(fc.constantFrom(...all), { maxLength: 60 });
    const ofOne = fc.constantFrom(...flows).chain(({ rows }) => fc.shuffledSubarray([...rows, ...rows.slice(0, 5)]));
    fc.assert(
      fc.property(fc.oneof(some, ofOne), (rows) => {
        const told = calls(rows);
        expect(told.every(({ endedAt }) => endedAt !== null)).toBe(true);
        expect(new Set(told.map(({ key }) => key)).size).toBe(told.length);
      }),
    );
  });

  it.each(flows)('tell the same of whole seconds: $name', ({ rows }) => {
    const cut = rows.map((row) => ({ ...row, eventtime: String(Math.floor(Number(row.eventtime))) }));
    expect(seen(calls(cut))).toEqual(seen(calls(rows)));
  });
});
