import { fromWallClock, toWallClock } from '../../../domain/base/zoned-time.ts';

/** The empty date. */
export const emptyDate = '0001-01-01T00:00:00';

/** A moment as 1C stores it: whole seconds in the zone of the base, without saying which. */
export function baseTime(at: number, timezone: string): string {
  return new Date(toWallClock(at, timezone)).toISOString().slice(0, 19);
}

/** The moment of a date of the base; null if it is empty or no date. */
export function momentOfBase(value: unknown, timezone: string): number | null {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/.test(value)) return null;
  const wall = Date.parse(`${value}Z`);
  return value === emptyDate || Number.isNaN(wall) ? null : fromWallClock(wall, timezone);
}
