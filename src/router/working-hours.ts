import { fromWallClock } from '../domain/base/zoned-time.ts';
import type { WorkingHours } from '../domain/routing/routing.ts';

/** A local time: `date` is `YYYY-MM-DD`, `weekday` is 0 for Monday, `minute` is the minute of the day. */
export interface LocalMoment {
  readonly date: string;
  readonly weekday: number;
  readonly minute: number;
}

/** Cached, because creating a formatter costs a hundred times more than using it. There are few zones. */
const formatters = new Map<string, Intl.DateTimeFormat>();
/** The last result of each zone. Under load, thousands of requests fall into one minute. */
const latest = new Map<string, { readonly minute: number; readonly local: LocalMoment }>();

/** Whether the hours are open at a moment (milliseconds since the epoch). Throws if Intl does not know the time zone. */
export function isOpen(hours: WorkingHours, at: number): boolean {
  const local = localMoment(hours.timezone, at);
  return spansOf(hours, local).some((span) => span.from <= local.minute && local.minute < span.to);
}

/** Days to search for working time. A longer closure counts as having no working hours. */
const maxDays = 60;

/**
 * The time at which `minutes` of working time have passed since `from` (milliseconds since the epoch). If there are no working hours, or
 * none within two months, every minute counts.
 */
export function afterWorkingMinutes(hours: WorkingHours | null, from: number, minutes: number): number {
  const withoutHours = from + minutes * 60_000;
  if (hours === null) return withoutHours;
  let left = minutes;
  let at = from;
  for (let day = 0; day <= maxDays; day += 1) {
    const local = localMoment(hours.timezone, at);
    for (const span of [...spansOf(hours, local)].sort((a, b) => a.from - b.from)) {
      const begin = Math.max(span.from, local.minute);
      if (begin >= span.to) continue;
      if (left <= span.to - begin) return at + (begin + left - local.minute) * 60_000;
      left -= span.to - begin;
    }
    at = nextMidnight(hours.timezone, at, local);
  }
  return withoutHours;
}

/** The next local midnight; a day with a clock change has 23 or 25 hours. */
function nextMidnight(timezone: string, at: number, local: LocalMoment): number {
  const [year = 0, month = 1, day = 1] = local.date.split('-').map(Number);
  const next = fromWallClock(Date.UTC(year, month - 1, day + 1), timezone);
  return next > at ? next : at + 3_600_000;
}

/** The local time in a zone, including daylight saving. */
export function localMoment(timezone: string, at: number): LocalMoment {
  const minute = Math.floor(at / 60_000);
  const known = latest.get(timezone);
  if (known?.minute === minute) return known.local;
  const local = readClock(formatterOf(timezone), at);
  latest.set(timezone, { minute, local });
  return local;
}

/** The working hours of a day. An extra working day has those of Monday, a holiday has none. */
function spansOf(hours: WorkingHours, local: LocalMoment): WorkingHours['week'][number] {
  if (hours.workdays.includes(local.date)) return hours.week[0] ?? [];
  if (hours.holidays.includes(local.date)) return [];
  return hours.week[local.weekday] ?? [];
}

function formatterOf(timezone: string): Intl.DateTimeFormat {
  const known = formatters.get(timezone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  formatters.set(timezone, made);
  return made;
}

function readClock(formatter: Intl.DateTimeFormat, at: number): LocalMoment {
  const parts: Partial<Record<Intl.DateTimeFormatPartTypes, string>> = {};
  for (const part of formatter.formatToParts(at)) parts[part.type] = part.value;
  const date = `${parts.year}-${parts.month}-${parts.day}`;
  const weekday = (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7;
  return { date, weekday, minute: Number(parts.hour) * 60 + Number(parts.minute) };
}
