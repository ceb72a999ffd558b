import { describe, expect, it } from 'vitest';
import type { WorkingHours } from '../../src/domain/routing/routing.ts';
import { afterWorkingMinutes, isOpen, localMoment } from '../../src/router/working-hours.ts';
import { office } from './facts.ts';

const berlin: WorkingHours = { ...office, timezone: 'Europe/Berlin' };
const night: WorkingHours = { ...office, timezone: 'Europe/Berlin', week: Array(7).fill([{ from: 120, to: 180 }]) };

describe('isOpen', () => {
  it.each([
    ['opens at nine sharp', office, '2026-03-10T06:00:00Z', true],
    ['is closed a moment earlier', office, '2026-03-10T05:59:59Z', false],
    ['is closed at the end', office, '2026-03-10T15:00:00Z', false],
    ['is open a moment before the end', office, '2026-03-10T14:59:59Z', true],
    ['is closed on Saturday', office, '2026-03-14T09:00:00Z', false],
    ['opens at 08:00Z in Berlin before summer time', berlin, '2026-03-27T08:00:00Z', true],
    ['not at 07:59Z then', berlin, '2026-03-27T07:59:00Z', false],
    ['opens at 07:00Z in Berlin after it began', berlin, '2026-03-30T07:00:00Z', true],
    ['closes at 16:00Z then', berlin, '2026-03-30T16:00:00Z', false],
    ['opens at 08:00Z again in winter', berlin, '2026-10-26T07:30:00Z', false],
    ['the hour that does not exist in spring is never open', night, '2026-03-29T01:00:00Z', false],
    ['the hour that comes twice in autumn is open the first time', night, '2026-10-25T00:30:00Z', true],
    ['and the second time', night, '2026-10-25T01:30:00Z', true],
  ])('%s', (_, hours, at, open) => {
    expect(isOpen(hours, Date.parse(at))).toBe(open);
  });

  it('is closed on a holiday by local date, not by UTC date', () => {
    const hours = { ...office, timezone: 'Asia/Vladivostok', holidays: ['2026-02-23'] };
    expect(isOpen(hours, Date.parse('2026-02-22T23:30:00Z'))).toBe(false);
    expect(isOpen(hours, Date.parse('2026-02-23T23:30:00Z'))).toBe(true);
  });

  it('treats an extra working day like a Monday, even on a holiday', () => {
    const hours = { ...office, holidays: ['2026-03-14'], workdays: ['2026-03-14'] };
    expect(isOpen(hours, Date.parse('2026-03-14T09:00:00Z'))).toBe(true);
  });
});

describe('localMoment', () => {
  it('represents midnight as minute 0 of the new day', () => {
    const local = localMoment('Europe/Moscow', Date.parse('2026-03-09T21:00:00Z'));
    expect(local).toEqual({ date: '2026-03-10', weekday: 1, minute: 0 });
  });
});

describe('afterWorkingMinutes', () => {
  const due = (hours: WorkingHours | null, from: string, minutes: number) =>
    new Date(afterWorkingMinutes(hours, Date.parse(from), minutes)).toISOString();

  it.each([
    ['within the same day', office, '2026-03-10T09:00:00Z', 15, '2026-03-10T09:15:00.000Z'],
    ['from before the opening', office, '2026-03-10T02:00:00Z', 15, '2026-03-10T06:15:00.000Z'],
    ['over the night', office, '2026-03-10T14:50:00Z', 15, '2026-03-11T06:05:00.000Z'],
    ['over the weekend', office, '2026-03-13T14:50:00Z', 15, '2026-03-16T06:05:00.000Z'],
    ['over a change of clocks', berlin, '2026-03-27T16:55:00Z', 15, '2026-03-30T07:10:00.000Z'],
    ['without hours: every minute', null, '2026-03-14T23:50:00Z', 15, '2026-03-15T00:05:00.000Z'],
  ])('counts working minutes %s', (_what, hours, from, minutes, expected) => {
    expect(due(hours, from, minutes)).toBe(expected);
  });

  it('terminates if no working time is configured', () => {
    const never = { ...office, week: [] };
    expect(due(never, '2026-03-10T09:00:00Z', 15)).toBe('2026-03-10T09:15:00.000Z');
  });
});
