import type { WorkingHours } from '../domain/routing/routing.ts';

/** Working hours as in the configuration file. */
export interface HoursSetting {
  readonly week: Readonly<Record<string, unknown>>;
  readonly holidays?: readonly string[];
  readonly workdays?: readonly string[];
}

const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** Converts `{ mon-fri: "09:00-18:00" }` to minutes by weekday. `report` gets the key and message of each problem. */
export function parseWorkingHours(
  setting: HoursSetting,
  timezone: string,
  report: (key: string, message: string) => void,
): WorkingHours {
  const week: { from: number; to: number }[][] = days.map(() => []);
  for (const [key, value] of Object.entries(setting.week)) {
    const spans = [value].flat().map((span) => parseSpan(String(span)));
    if (spans.some((span) => span === null)) report(key, 'expected HH:MM-HH:MM with the end after the start');
    for (const day of daysOf(key)) week[day]?.push(...spans.filter((span) => span !== null));
  }
  return { timezone, week, holidays: setting.holidays ?? [], workdays: setting.workdays ?? [] };
}

function daysOf(key: string): readonly number[] {
  const [first = '', last = first] = key.split('-');
  const from = days.indexOf(first);
  const to = days.indexOf(last);
  const length = ((to - from + 7) % 7) + 1;
  return Array.from({ length }, (_, i) => (from + i) % 7);
}

function parseSpan(span: string): { from: number; to: number } | null {
  const [from, to] = span.split('-').map((time) => {
    const [hours, minutes] = time.split(':').map(Number);
    return (hours ?? 0) * 60 + (minutes ?? 0);
  });
  return from === undefined || to === undefined || to <= from || to > 1440 ? null : { from, to };
}
