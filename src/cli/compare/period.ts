import type { Period } from '../../crm/shared/compare/comparable.ts';
import { fromWallClock, localInstant, momentOf, toWallClock } from '../../domain/base/zoned-time.ts';
import { UsageError } from '../command.ts';

const day = 86_400_000;

/** The period that `--from` and `--to` name: days or times in the company's zone. Yesterday by default. */
export function periodOf(
  { from, to }: { readonly from?: string | undefined; readonly to?: string | undefined },
  timezone: string,
  now: number,
): Period {
  const today = midnight(toWallClock(now, timezone));
  const period = {
    from: from === undefined ? fromWallClock(today - day, timezone) : timeOf('--from', from, timezone, 'start'),
    until: to === undefined ? fromWallClock(today, timezone) : timeOf('--to', to, timezone, 'end'),
  };
  if (period.from >= period.until) {
    const [first, last] = [period.from, period.until].map((at) => new Date(at).toISOString());
    throw new UsageError(`--from: expected a time before ${last} (the end of the period), got ${first}`);
  }
  return period;
}

function timeOf(option: string, text: string, timezone: string, edge: 'start' | 'end'): number {
  const at = localInstant(text, timezone, edge) ?? momentOf(text, timezone);
  if (at !== null) return at;
  throw new UsageError(`${option}: expected a day or a time, such as 2026-12-31 or 2026-12-31T10:00, got "${text}"`);
}

/** A day, or the part of one that belongs to a period. */
export interface Day extends Period {
  /** In the company's zone, such as `2026-12-31`. */
  readonly day: string;
}

/** The days of a period in the company's zone. */
export function* daysOf({ from, until }: Period, timezone: string): Generator<Day> {
  for (let at = from; at < until; ) {
    const begun = midnight(toWallClock(at, timezone));
    const end = Math.min(until, fromWallClock(begun + day, timezone));
    yield { day: new Date(begun).toISOString().slice(0, 10), from: at, until: end };
    at = end;
  }
}

function midnight(wall: number): number {
  return Math.floor(wall / day) * day;
}
