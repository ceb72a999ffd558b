/**
 * A moment as an administrator writes it: RFC 3339, or a local date that means its first moment
 * (`start`) or the first moment after it (`end`). Null when it is neither.
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

/** A moment as people type it: RFC 3339, or date and time without an offset, which are of the given zone. Null when it is neither. */
export function momentOf(value: string, timezone: string): number | null {
  const local = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2})?$/.test(value);
  const at = Date.parse(local ? `${value.replace(' ', 'T')}Z` : value);
  if (Number.isNaN(at)) return null;
  return local ? fromWallClock(at, timezone) : at;
}

/** The moment at which a zone's clocks show what UTC's show at `wall` (both milliseconds since the epoch). */
export function fromWallClock(wall: number, timezone: string): number {
  // The offset near the wanted moment, looked up twice: the first guess may lie across a change of clocks.
  const guess = wall - offsetAt(wall, timezone);
  return wall - offsetAt(guess, timezone);
}

/** How far a zone's clocks are ahead of UTC at a moment, in milliseconds. */
function offsetAt(at: number, timezone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(at);
  const part = (type: string) => Number(parts.find((p) => p.type === type)?.value ?? 0);
  return (
    Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second')) -
    Math.floor(at / 1000) * 1000
  );
}
