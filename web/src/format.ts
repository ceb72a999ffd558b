import type { Language, Words } from './words.ts';

/** A number as people write it: Russian ones in the usual groups, others with a space behind the country. */
export function phoneText(phone: string): string {
  const russian = /^\+7(\d{3})(\d{3})(\d{2})(\d{2})$/.exec(phone);
  if (russian !== null) return `+7 ${russian[1]} ${russian[2]}-${russian[3]}-${russian[4]}`;
  return phone.replace(/^(\+\d{1,3})(\d{3})(\d{3})(\d+)$/, '$1 $2 $3 $4');
}

/** Seconds as a clock shows them. */
export function clockText(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

/** Seconds in words: `45 s`, `3 min`. */
export function durationText(seconds: number, words: Words): string {
  return seconds < 60 ? `${seconds} ${words.seconds}` : `${Math.round(seconds / 60)} ${words.minutes}`;
}

/** A moment: the time today, else with its day. */
export function momentText(at: string, language: Language, now: Date): string {
  const moment = new Date(at);
  const sameDay = moment.toDateString() === now.toDateString();
  const day = sameDay ? {} : ({ day: 'numeric', month: 'short' } as const);
  return new Intl.DateTimeFormat(language, { ...day, hour: '2-digit', minute: '2-digit' }).format(moment);
}
