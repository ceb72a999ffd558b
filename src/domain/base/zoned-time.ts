/**
 * Parses a time from the configuration: RFC 3339, or a local date, which means the beginning of that day (`start`) or of the next
 * one (`end`). Null if it is neither.
 */
export function localInstant(value: string, timezone: string, edge: 'start' | 'end'): number | null {
  if (/^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:\d{2})$/.test(value)) {
    const at = Date.parse(value);
    return Number.isNaN(at) ? null : at;
  }
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return null;
  const midnight = Date.parse(`${value}T00:00:00Z`);
  if (Number.isNaN(midnight)) return null;
  const wanted = edge === 'start' ? midnight : midnight + 86_400_000;
  return fromWallClock(wanted, timezone);
}

/** Parses a time that people type: RFC 3339, or date and time without an offset, in the given zone. Null if it is neither. */
export function momentOf(value: string, timezone: string): number | null {
  const local = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2})?$/.test(value);
  const at = Date.parse(local ? `${value.replace(' ', 'T')}Z` : value);
  if (Number.isNaN(at)) return null;
  return local ? fromWallClock(at, timezone) : at;
}

/** Converts a local time to UTC. `wall` is the local time as if it were UTC (milliseconds since the epoch). */
export function fromWallClock(wall: number, timezone: string): number {
  // The offset is looked up twice, because the first guess may lie on the other side of a clock change.
  const guess = wall - offsetAt(wall, timezone);
  return wall - offsetAt(guess, timezone);
}

/** Converts UTC to a local time, as `fromWallClock` takes it. */
export function toWallClock(at: number, timezone: string): number {
  return at + offsetAt(at, timezone);
}

/** Making a formatter takes fifty times as long as using it, and a call record has thousands of times. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timezone: string): Intl.DateTimeFormat {
  const known = formats.get(timezone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(timezone, format);
  return format;
}

/** Clocks change at a quarter of an hour, so the offset is the same until the next one (milliseconds). */
const quarter = 15 * 60_000;
/** The offset that was calculated last: times of one call record are close to each other. */
let last = { timezone: '', quarter: Number.NaN, offset: 0 };

/** The UTC offset of a zone at a time, in milliseconds. */
function offsetAt(at: number, timezone: string): number {
  const of = Math.floor(at / quarter);
  if (last.quarter !== of || last.timezone !== timezone)
    last = { timezone, quarter: of, offset: calculatedOffset(of * quarter, timezone) };
  return last.offset;
}

function calculatedOffset(at: number, timezone: string): number {
  const parts = formatOf(timezone).formatToParts(at);
  const part = (type: string) => Number(parts.find((p) => p.type === type)?.value ?? 0);
  return (
    Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second')) -
    Math.floor(at / 1000) * 1000
  );
}
