import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { callOfRows } from '../../../../src/connectors/asterisk/record/calls.ts';
import { parseCdrLine } from '../../../../src/connectors/asterisk/record/csv.ts';
import { recordZone } from '../../../../src/connectors/asterisk/record/zone.ts';
import type { CallSnapshot } from '../../../../src/domain/interaction/contact-event.ts';
import { recordRules } from '../../../support/call-records.ts';

interface Recorded {
  readonly flow: string;
  readonly story: {
    readonly direction: string;
    readonly from: string;
    readonly to: string;
    readonly talked: readonly string[];
    readonly state: string;
  };
  readonly rows: readonly string[];
}

const recorded = JSON.parse(
  readFileSync(new URL('../../../fixtures/cdr/asterisk-22.json', import.meta.url), 'utf8'),
) as readonly Recorded[];

/** Flows whose story is of a second call that colleagues go on with. The record has it as part of the first. */
const goOn = /party-leaves$/;
/** Flows with several calls. The story is that of the last one. */
const several = ['two-at-once', 'caller-of-many'];

function callsOf({ rows }: Recorded): readonly CallSnapshot[] {
  const { toInstant } = recordZone('UTC');
  const parsed = rows.map((line) => parseCdrLine(line, toInstant)).filter((row) => row !== null);
  const ids = [...new Set(parsed.map(({ linkedid }) => linkedid))];
  const rules = recordRules({ extensions: '^\\d{3}$' });
  return ids
    .map((id) =>
      callOfRows(
        parsed.filter((row) => row.linkedid === id),
        rules,
      ),
    )
    .filter((call) => call !== null);
}

/** The rows as a table without a column for the answer has them, with seconds cut off in another way. */
function asTable(one: Recorded): Recorded {
  const { toInstant, toText } = recordZone('UTC');
  const rows = one.rows.map((line) =>
    line.replace(
      /"([\d: -]{19})","([\d: -]{19})?","[\d: -]{19}",(\d+),(\d+),/,
      (_, start, answer = '', duration, billsec) => {
        const cut = toText(toInstant(start) + Number(duration) * 1000);
        return `"${start}","${answer && toText(toInstant(cut) - Number(billsec) * 1000)}","${cut}",${duration},${billsec},`;
      },
    ),
  );
  return { ...one, rows };
}

/** What the lab's Asterisk 22 wrote for the flows of `test/real/lab`, against what happened in them. */
describe('the record that Asterisk wrote of a flow', () => {
  const told = recorded.filter(({ flow }) => !goOn.test(flow));
  const cases = told.flatMap((one) => [
    { ...one, where: 'Master.csv' },
    { ...asTable(one), where: 'a table' },
  ]);
  it.each(cases)('$flow in $where', (one) => {
    const { story } = one;
    const calls = callsOf(one);
    expect(calls).toHaveLength(several.includes(one.flow) ? 2 : 1);
    const call = calls.at(-1) as CallSnapshot;
    expect(call).toMatchObject({ direction: story.direction, state: story.state });
    const talked = call.legs.filter((leg) => ['extension', 'mobile'].includes(leg.kind) && leg.talkedAt !== null);
    expect([...new Set(talked.map((leg) => leg.extension ?? leg.phone))].sort()).toEqual(
      [...new Set(story.talked)].sort(),
    );
    if (story.direction === 'inbound') {
      expect([null, story.to]).toContain(call.dialled);
      expect(call.party).toMatchObject(
        story.from === 'withheld' ? { raw: '', withheld: true } : { raw: story.from, withheld: false },
      );
    } else expect(call.party.raw).toBe(story.to);
  });
});
