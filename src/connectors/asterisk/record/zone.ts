import { fromWallClock, toWallClock } from '../../../domain/base/zoned-time.ts';

/** Converts a local time of the record (`2026-11-24 09:00:00`) to milliseconds; NaN if it is invalid. */
export type ToInstant = (text: string) => number;

/** Converts between times and the local times of a record. */
export interface RecordZone {
  readonly toInstant: ToInstant;
  readonly toText: (at: number) => string;
}

/** The local times of a record in a time zone. */
export function recordZone(timezone: string): RecordZone {
  return {
    toInstant: (text) => {
      const wall = text === '' ? Number.NaN : Date.parse(`${text.trim().replace(' ', 'T')}Z`);
      return Number.isNaN(wall) ? Number.NaN : fromWallClock(wall, timezone);
    },
    toText: (at) => new Date(toWallClock(at, timezone)).toISOString().slice(0, 19).replace('T', ' '),
  };
}
