import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { timeText } from '../../../src/domain/call/call-facts.ts';

describe('a time as text', () => {
  it('is what the calendar says', () => {
    const times = fc.integer({ min: Date.parse('0000-01-01T00:00:00Z'), max: 8_640_000_000_000_000 });
    fc.assert(fc.property(times, (at) => timeText(at) === new Date(at).toISOString()));
  });

  it('refuses what is none', () => {
    expect(() => timeText(Number.NaN)).toThrow(RangeError);
  });
});
