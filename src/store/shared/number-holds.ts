import { type NumberHold, numberKey } from '../../domain/call/number-hold.ts';
import type { StaffIndex } from '../../domain/directory/staff-index.ts';
import type { CallSnapshot } from '../../domain/interaction/contact-event.ts';
import type { Attribution } from '../../domain/interaction/interaction.ts';

/** A row of the table `number_holds`; `marks` is JSON. */
export interface HoldRow {
  readonly number: string;
  readonly from_at: number | string;
  readonly until_at: number | string;
  readonly visit: string;
  readonly marks: string;
}

/** A row as the domain says it. */
export function holdOf({ number, from_at, until_at, visit, marks }: HoldRow): NumberHold {
  return {
    number,
    visit,
    from: Number(from_at),
    until: Number(until_at),
    marks: JSON.parse(marks) as Attribution | null,
  };
}

/** The number of a pool that a call came in by, or null: only such a call is worth a question. */
export function pooledNumber(call: CallSnapshot, staff: StaffIndex, country: string): string | null {
  if (call.direction !== 'inbound' || call.dialled === null) return null;
  const pool = staff.line(call.connection, call.dialled)?.pool;
  if (pool === undefined) return null;
  const key = numberKey(call.dialled, country);
  return pool.numbers.some((number) => numberKey(number, country) === key) ? key : null;
}
