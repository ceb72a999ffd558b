import type { StaffIndex } from '../directory/staff-index.ts';
import type { CallSnapshot } from '../interaction/contact-event.ts';
import { numberKey } from './number-hold.ts';

/** The number of a pool that a call came in by, or null: only such a call is worth a question. */
export function pooledNumber(call: CallSnapshot, staff: StaffIndex, country: string): string | null {
  if (call.direction !== 'inbound' || call.dialled === null) return null;
  const pool = staff.line(call.connection, call.dialled)?.pool;
  if (pool === undefined) return null;
  const key = numberKey(call.dialled, country);
  return pool.numbers.some((number) => numberKey(number, country) === key) ? key : null;
}
