import { localInstant } from '../../../src/domain/base/zoned-time.ts';
import type { Words } from '../i18n/russian.ts';
import type { Language } from '../i18n/words.ts';

type Formatter = (phone: string) => string | undefined;
let foreign: Formatter | null = null;

/** The size of a file: `49 КБ`, `1.4 MB`. */
export function sizeText(bytes: number, language: Language): string {
  const units = { ru: ['Б', 'КБ', 'МБ', 'ГБ'], en: ['B', 'KB', 'MB', 'GB'] }[language];
  const step = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  const amount = bytes / 1024 ** step;
  const digits = amount < 10 && step > 0 ? 1 : 0;
  return `${amount.toLocaleString(language, { maximumFractionDigits: digits })} ${units[step]}`;
}

/** Loads the formatting of foreign numbers. It is most of the page's weight, and the first card does not need it. */
export async function loadForeignPhones(): Promise<void> {
  const { default: parse } = await import('libphonenumber-js/min');
  foreign = (phone) => parse(phone)?.formatInternational();
}

/** A number as people write it. Russian numbers are grouped at once, others when their formats are loaded. */
export function phoneText(phone: string): string {
  const russian = /^\+7([3489]\d{2})(\d{3})(\d{2})(\d{2})$/.exec(phone);
  if (russian !== null) return `+7 ${russian[1]} ${russian[2]}-${russian[3]}-${russian[4]}`;
  return foreign?.(phone) ?? phone;
}

/** Seconds as a clock shows them: `1:05`, `1:02:09`. */
export function clockText(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (value: number) => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours === 0 ? `${minutes}:${two(whole % 60)}` : `${hours}:${two(minutes)}:${two(whole % 60)}`;
}

/** Seconds in words: `45 s`, `3 min`, `1 h 5 min`. */
export function durationText(seconds: number, words: Words): string {
  if (seconds < 60) return `${seconds} ${words.seconds}`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} ${words.minutes}`;
  const rest = minutes % 60 === 0 ? '' : ` ${minutes % 60} ${words.minutes}`;
  return `${Math.floor(minutes / 60)} ${words.hours}${rest}`;
}

/** One format for each zone: the list of calls asks for the day of every call each second. */
const dayFormats = new Map<string, Intl.DateTimeFormat>();

/** The date in a zone, as `YYYY-MM-DD`. */
export function dayOf(moment: Date, timezone: string): string {
  let format = dayFormats.get(timezone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone: timezone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    });
    dayFormats.set(timezone, format);
  }
  return format.format(moment);
}

/** Midnight of the present day in a zone. */
export function startOfDay(now: Date, timezone: string): Date {
  return new Date(localInstant(dayOf(now, timezone), timezone, 'start') ?? now.getTime() - 24 * 3600_000);
}

/** A moment in a zone: the time, with the day unless that is today, and with the year unless that is the current one. */
export function momentText(at: string, language: Language, now: Date, timezone: string): string {
  const moment = new Date(at);
  const [day, today] = [dayOf(moment, timezone), dayOf(now, timezone)];
  const date = day === today ? {} : ({ day: 'numeric', month: 'short' } as const);
  const year = day.slice(0, 4) === today.slice(0, 4) ? {} : ({ year: 'numeric' } as const);
  return new Intl.DateTimeFormat(language, {
    timeZone: timezone,
    ...date,
    ...year,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(moment);
}
