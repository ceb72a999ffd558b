import { expect, it } from 'vitest';
import { momentOf } from '../../../src/domain/base/zoned-time.ts';

it.each([
  ['2026-12-31T10:00', '2026-12-31T07:00:00.000Z'],
  ['2026-12-31 10:00:30', '2026-12-31T07:00:30.000Z'],
  ['2026-12-31T10:00+05:00', '2026-12-31T05:00:00.000Z'],
  ['2026-12-31T10:00:00Z', '2026-12-31T10:00:00.000Z'],
])('reads %s as Moscow time', (value, expected) => {
  expect(new Date(momentOf(value, 'Europe/Moscow') ?? Number.NaN).toISOString()).toBe(expected);
});

it.each(['tomorrow', '', '2026-13-41T10:00'])('rejects %j as a time', (value) => {
  expect(momentOf(value, 'Europe/Moscow')).toBeNull();
});
