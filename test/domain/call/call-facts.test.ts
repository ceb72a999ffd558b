import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { timeText } from '../../../src/domain/base/time-text.ts';

describe('times as text', () => {
  it('are in ISO 8601', () => {
    const times = fc.integer({ min: Date.parse('0000-01-01T00:00:00Z'), max: 8_640_000_000_000_000 });
    fc.assert(fc.property(times, (at) => timeText(at) === new Date(at).toISOString()));
  });

  it('are made of valid times only', () => {
    expect(() => timeText(Number.NaN)).toThrow(RangeError);
  });
});
