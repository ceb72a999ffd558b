import type { StaffIndex } from '../directory/staff-index.ts';
import type { CallSnapshot } from '../interaction/contact-event.ts';
import { numberKey } from './number-hold.ts';

/** The pool number that an inbound call used, or null. Only such calls need a look-up of the visit. */
export function pooledNumber(
  call: Pick<CallSnapshot, 'connection' | 'direction' | 'dialled'>,
  staff: StaffIndex,
  country: string,
): string | null {
  if (call.direction !== 'inbound' || call.dialled === null) return null;
  const pool = staff.line(call.connection, call.dialled)?.pool;
  if (pool === undefined) return null;
  const key = numberKey(call.dialled, country);
  return pool.numbers.some((number) => numberKey(number, country) === key) ? key : null;
}
