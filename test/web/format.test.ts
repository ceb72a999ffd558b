import { describe, expect, it } from 'vitest';
import { words } from '../../web/src/i18n/words.ts';
import {
  clockText,
  dayOf,
  durationText,
  loadForeignPhones,
  momentText,
  phoneText,
  sizeText,
  startOfDay,
} from '../../web/src/parts/format.ts';

describe('how the page formats values', () => {
  it.each([
    [0, '0 s'],
    [59, '59 s'],
    [60, '1 min'],
    [3570, '1 h'],
    [3900, '1 h 5 min'],
    [7200, '2 h'],
  ])('%i seconds are %s', (seconds, text) => {
    expect(durationText(seconds, words.en)).toBe(text);
  });

  it.each([
    [-3, '0:00'],
    [65.9, '1:05'],
    [3729, '1:02:09'],
  ])('the clock of %d seconds is %s', (seconds, text) => {
    expect(clockText(seconds)).toBe(text);
  });

  it('formats Russian numbers itself and foreign ones by libphonenumber', async () => {
    expect(phoneText('+79161234567')).toBe('+7 916 123-45-67');
    expect(phoneText('+14155552671')).toBe('+14155552671');
    await loadForeignPhones();

    expect(phoneText('+14155552671')).toBe('+1 415 555 2671');
    expect(phoneText('+442071838750')).toBe('+44 20 7183 8750');
    expect(phoneText('+77012345678')).toBe('+7 701 234 5678');
    expect(phoneText('+0')).toBe('+0');
  });

  it('uses the day in the company’s time zone, whatever the machine’s', () => {
    const now = new Date('2026-03-10T20:30:00Z');

    expect(dayOf(now, 'Asia/Vladivostok')).toBe('2026-03-11');
    expect(startOfDay(now, 'Asia/Vladivostok').toISOString()).toBe('2026-03-10T14:00:00.000Z');
    expect(startOfDay(now, 'America/New_York').toISOString()).toBe('2026-03-10T04:00:00.000Z');
  });

  it('finds midnight on a day with a clock change', () => {
    const afternoon = new Date('2026-10-25T14:00:00Z');

    expect(startOfDay(afternoon, 'Europe/Berlin').toISOString()).toBe('2026-10-24T22:00:00.000Z');
  });

  it('shows the time today, otherwise the day, and the year if it differs', () => {
    const now = new Date('2026-03-10T20:30:00Z');
    const text = (at: string) => momentText(at, 'en', now, 'Europe/Moscow');

    expect(text('2026-03-10T09:05:00Z')).toBe('12:05');
    expect(text('2026-03-09T22:00:00Z')).toBe('01:00');
    expect(text('2026-03-09T10:00:00Z')).toMatch(/^Mar 9, 13:00$/);
    expect(text('2025-12-30T10:00:00Z')).toMatch(/2025/);
  });
});

it.each([
  [0, 'ru', '0 Б'],
  [1023, 'en', '1,023 B'],
  [50_000, 'ru', '49 КБ'],
  [1_500_000, 'ru', '1,4 МБ'],
  [200 * 1024 * 1024, 'en', '200 MB'],
] as const)('%d bytes are %s: %s', (bytes, language, text) => {
  expect(sizeText(bytes, language)).toBe(text);
});
