import { fromCompactTime } from '../../../domain/base/compact-time.ts';
import { fromWallClock, toWallClock } from '../../../domain/base/zoned-time.ts';

/** A period in milliseconds since the epoch; `to` is exclusive. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

const day = 86_400_000;

/** The period of a request: by its name in the company's zone, or from `start` to `end`. Null if it is neither. */
export function periodOf(form: URLSearchParams, now: number, timezone: string): Span | null {
  const name = form.get('period');
  if (name === null) return given(form, now);
  const wall = toWallClock(now, timezone);
  const today = wall - (((wall % day) + day) % day);
  const span = named(name, today);
  return span === null ? null : { from: fromWallClock(span.from, timezone), to: fromWallClock(span.to, timezone) };
}

/** Local times as if they were UTC. */
function named(name: string, today: number): Span | null {
  const date = new Date(today);
  // Weeks begin on Monday.
  const week = today - ((date.getUTCDay() + 6) % 7) * day;
  const month = (offset: number) => Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + offset, 1);
  switch (name) {
    case 'today':
      return { from: today, to: today + day };
    case 'yesterday':
      return { from: today - day, to: today };
    case 'this_week':
      return { from: week, to: week + 7 * day };
    case 'last_week':
      return { from: week - 7 * day, to: week };
    case 'this_month':
      return { from: month(0), to: month(1) };
    case 'last_month':
      return { from: month(-1), to: month(0) };
    default:
      return null;
  }
}

function given(form: URLSearchParams, now: number): Span | null {
  const [start, end] = [form.get('start'), form.get('end')];
  const from = start === null ? null : fromCompactTime(start);
  const to = end === null ? now : fromCompactTime(end);
  return from === null || to === null || from >= to ? null : { from, to };
}
