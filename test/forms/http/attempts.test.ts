import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Attempts } from '../../../src/forms/http/attempts.ts';

const minute = 60_000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

test('a visitor’s limit ends after five minutes', () => {
  const attempts = new Attempts(2);
  expect([attempts.take('a'), attempts.take('a')]).toEqual([0, 0]);
  vi.advanceTimersByTime(minute);
  expect(attempts.take('a')).toBe(4 * minute);
  expect(attempts.take('b')).toBe(0);
  vi.advanceTimersByTime(4 * minute);
  expect(attempts.take('a')).toBe(0);
});

test('setting the clock back by two days locks nobody out', () => {
  const attempts = new Attempts(1);
  attempts.take('a');
  expect(attempts.take('a')).toBeGreaterThan(0);
  vi.setSystemTime(Date.now() - 48 * 60 * minute);
  vi.advanceTimersByTime(5 * minute);
  expect(attempts.take('a')).toBe(0);
});
