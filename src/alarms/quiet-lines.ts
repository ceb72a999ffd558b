import type { HourCount } from '../domain/ports/readers.ts';

/** The line or connection being judged. */
export interface QuietSubject {
  /** The line's id, or null for the connection as a whole. */
  readonly line: string | null;
  readonly connection: string | null;
}

/** The company's calendar. Silence on closed days is expected. */
export interface QuietCalendar {
  /** IANA time zone of the dates. */
  readonly timezone: string;
  /** Local dates `YYYY-MM-DD` on which the company is closed. They are neither judged nor used for comparison. */
  readonly holidays: readonly string[];
}

/** A line compared with its own past. `quiet` means that it is so far below that chance does not explain it. */
export interface QuietLineRow extends QuietSubject {
  /** Length of the decisive window in hours. */
  readonly window: number;
  /** Start of the window, RFC 3339. */
  readonly since: string;
  /** A pessimistic estimate of the average number of contacts in this window. */
  readonly expected: number;
  readonly seen: number;
  /** Probability that so few contacts occur by chance. */
  readonly probability: number;
  /** Number of comparable weeks found. */
  readonly weeks: number;
  readonly quiet: boolean;
}

const hour = 3600_000;
const week = 7 * 24 * hour;
/** Number of past weeks to compare with. */
export const historyWeeks = 8;
const minWeeks = 3;
/** Window lengths in hours. Longer windows make it possible to judge lines with few contacts. */
const windows = [1, 3, 24, 72] as const;
/**
 * Probability of a false alarm per judged window. Each line is judged about 8,760 hours a year in four overlapping
 * windows; at 1e-6 that is less than one false alarm in 28 line-years.
 */
const threshold = 1e-6;
/** Part of the key under which a connection as a whole is counted. */
const all = '\u0000';

/** Number of contacts by start of hour. */
type Series = ReadonlyMap<number, number>;

/**
 * Compares the last full hours of each line and connection with the same hours of the same weekdays in past weeks.
 * The Poisson rate is estimated low (see {@link cautiousRate}), so that an uneven past causes no false alarms.
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
  // The shortest quiet window shows best since when. If none is quiet, return the most suspicious one.
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
    // A week before the line's first contact says nothing about it, nor does one with a holiday in the window.
    if (then.length === 0 || Math.min(...then) < begin || then.some(closed)) continue;
    past.push(sum(series, then));
  }
  const seen = sum(series, hours);
  const expected = past.length < minWeeks ? 0 : cautiousRate(past);
  const probability = expected > 0 ? poissonTail(seen, expected) : 1;
  const since = new Date(end - window * hour).toISOString();
  return { ...subject, window, since, expected, seen, probability, weeks: past.length, quiet: probability < threshold };
}

/**
 * A low estimate of the rate: the smaller of median and mean (so that one exceptional week does not raise it), minus
 * two standard errors of the mean. The errors grow if the weeks vary more than a Poisson process would.
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

/**
 * Returns a function that says whether an hour lies on a closed date. Results are cached, because time-zone
 * conversion is slow.
 */
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
