import type { HourCount } from '../domain/ports/readers.ts';

/** What a line or connection is judged by. */
export interface QuietSubject {
  /** The line's id, or null for a connection as a whole. */
  readonly line: string | null;
  readonly connection: string | null;
}

/** When the company is at work: quietness outside of it is no news. Null: always. */
export interface QuietCalendar {
  /** IANA time zone that hours and weekdays are meant in. */
  readonly timezone: string;
  /** Local dates `YYYY-MM-DD` that are closed; they are neither judged nor compared with. */
  readonly holidays: readonly string[];
}

/** How a line fares against its own past; `quiet` when it is so far below that chance does not explain it. */
export interface QuietLineRow extends QuietSubject {
  /** Hours of the window that decided. */
  readonly window: number;
  /** Start of that window, RFC 3339. */
  readonly since: string;
  /** Contacts that such a window had on the comparable weeks, on the average (pessimistic). */
  readonly expected: number;
  readonly seen: number;
  /** How likely so few would be by chance. */
  readonly probability: number;
  /** Comparable weeks that were found. */
  readonly weeks: number;
  readonly quiet: boolean;
}

const hour = 3600_000;
const week = 7 * 24 * hour;
/** Weeks of history that are compared with. */
export const historyWeeks = 8;
const leastWeeks = 3;
/** Hours; a longer window lets a line with few contacts be judged too. */
const windows = [1, 3, 24, 72] as const;
/**
 * Chance of a false alarm for one look at one window. Each line is looked at about 8,760 hours a year in four windows
 * that overlap; at 1e-6 that is below one false alarm in 28 line-years.
 */
const threshold = 1e-6;
/** Contacts of a connection as a whole stand under this key. */
const all = '\u0000';

/** Counts by line (or connection) and start of hour. */
type Series = ReadonlyMap<number, number>;

/**
 * Compares the last whole hours of each line and connection with the same hours of the same weekdays of the last
 * weeks. The Poisson rate is taken low (see {@link cautiousRate}), so that an uneven past does not cry wolf.
 */
export function judgeQuietLines(
  counts: readonly HourCount[],
  now: number,
  calendar: QuietCalendar,
): readonly QuietLineRow[] {
  const end = Math.floor(now / hour) * hour;
  const closed = closedHours(calendar);
  return [...seriesOf(counts).values()].map(({ subject, series }) => judge(subject, series, end, closed));
}

function judge(subject: QuietSubject, series: Series, end: number, closed: (at: number) => boolean): QuietLineRow {
  const rows = windows.map((window) => judgeWindow(subject, series, end, window, closed));
  // The shortest window that is sure tells best since when; without any, the most suspicious one is shown.
  const [first, ...rest] = rows;
  const quiet = rows.find((row) => row.quiet);
  return (
    quiet ?? rest.reduce((least, row) => (row.probability < least.probability ? row : least), first as QuietLineRow)
  );
}

function judgeWindow(
  subject: QuietSubject,
  series: Series,
  end: number,
  window: number,
  closed: (at: number) => boolean,
): QuietLineRow {
  const hours = Array.from({ length: window }, (_, i) => end - (i + 1) * hour).filter((at) => !closed(at));
  const begin = Math.min(...series.keys());
  const past: number[] = [];
  for (let back = 1; back <= historyWeeks; back += 1) {
    const then = hours.map((at) => at - back * week);
    // A week before the line's first contact says nothing about it; nor does one with a holiday in the window.
    if (then.length === 0 || Math.min(...then) < begin || then.some(closed)) continue;
    past.push(sum(series, then));
  }
  const seen = sum(series, hours);
  const expected = past.length < leastWeeks ? 0 : cautiousRate(past);
  const probability = expected > 0 ? poissonTail(seen, expected) : 1;
  const since = new Date(end - window * hour).toISOString();
  return { ...subject, window, since, expected, seen, probability, weeks: past.length, quiet: probability < threshold };
}

/**
 * A low estimate of the rate: the smaller of median and mean (one wild week must not raise it), less two standard
 * errors of a mean of so many weeks; and as many more as the weeks are more uneven than Poisson would have it.
 */
function cautiousRate(past: readonly number[]): number {
  const sorted = [...past].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const median = ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
  const mean = past.reduce((total, one) => total + one, 0) / past.length;
  const variance = past.reduce((total, one) => total + (one - mean) ** 2, 0) / Math.max(1, past.length - 1);
  const spread = Math.sqrt(Math.max(variance, mean));
  return Math.max(0, Math.min(median, mean) - (2 * spread) / Math.sqrt(past.length));
}

/** P(X ≤ k) for X ~ Poisson(rate). */
export function poissonTail(k: number, rate: number): number {
  let term = -rate;
  let total = 0;
  for (let i = 0; i <= k; i += 1) {
    if (i > 0) term += Math.log(rate) - Math.log(i);
    total += Math.exp(term);
  }
  return Math.min(1, total);
}

function sum(series: Series, hours: readonly number[]): number {
  return hours.reduce((total, at) => total + (series.get(at) ?? 0), 0);
}

function seriesOf(counts: readonly HourCount[]): Map<string, { subject: QuietSubject; series: Map<number, number> }> {
  const found = new Map<string, { subject: QuietSubject; series: Map<number, number> }>();
  const add = (key: string, subject: QuietSubject, at: number, count: number) => {
    const entry = found.get(key) ?? { subject, series: new Map<number, number>() };
    entry.series.set(at, (entry.series.get(at) ?? 0) + count);
    found.set(key, entry);
  };
  for (const { line, connection, hour: at, count } of counts) {
    add(`${connection ?? ''}${all}${line}`, { line, connection }, at, count);
    if (connection !== null) add(`${connection}${all}`, { line: null, connection }, at, count);
  }
  return found;
}

/** Tells hours that lie on a closed date. Dates are worked out once each: a time-zone look-up is slow. */
function closedHours({ timezone, holidays }: QuietCalendar): (at: number) => boolean {
  if (holidays.length === 0) return () => false;
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: timezone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  const dates = new Set(holidays);
  const known = new Map<number, boolean>();
  return (at) => {
    const is = known.get(at) ?? dates.has(format.format(at));
    known.set(at, is);
    return is;
  };
}
