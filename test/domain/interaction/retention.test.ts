import { describe, expect, it } from 'vitest';
import { keptFrom } from '../../../src/domain/interaction/retention.ts';

describe('retention', () => {
  it.each([
    ['2026-11-25T17:00:00Z', 12, '2025-11-01T00:00:00.000Z'],
    ['2026-01-01T00:00:00Z', 1, '2025-12-01T00:00:00.000Z'],
    ['2026-03-31T23:59:59Z', 1, '2026-02-01T00:00:00.000Z'],
    ['2026-11-25T17:00:00Z', 35, '2023-12-01T00:00:00.000Z'],
  ])('at %s, a retention of %i months keeps what was taken in since %s', (now, months, from) => {
    expect(new Date(keptFrom(Date.parse(now), { months, keepDetached: false })).toISOString()).toBe(from);
  });
});
