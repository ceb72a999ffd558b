import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Pace, rateOf } from '../../src/delivery/pace.ts';

describe('a rate', () => {
  it('is spread evenly: one at a time up to ten a second', () => {
    expect(rateOf(2)).toEqual({ max: 1, duration: 500 });
    expect(rateOf(0.1)).toEqual({ max: 1, duration: 10_000 });
    expect(rateOf(50)).toEqual({ max: 5, duration: 100 });
    expect(rateOf(3)).toEqual({ max: 1, duration: 334 });
  });
});

describe('a pace', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
  afterEach(() => void vi.useRealTimers());

  it('is unlimited without a rate', () => {
    const pace = new Pace(null);
    pace.recordStarts(1000);
    expect([pace.room, pace.wait]).toEqual([Number.POSITIVE_INFINITY, 0]);
  });

  it('limits the starts to the rate, and returns the time of the next one', () => {
    const pace = new Pace({ max: 2, duration: 100 });
    expect(pace.room).toBe(2);
    pace.recordStarts(1);
    vi.advanceTimersByTime(40);
    pace.recordStarts(1);
    expect([pace.room, pace.wait]).toEqual([0, 60]);
    vi.advanceTimersByTime(60);
    expect([pace.room, pace.wait]).toEqual([2, 0]);
  });

  it('counts its interval from the first start, not from the last check', () => {
    const pace = new Pace({ max: 1, duration: 100 });
    vi.advanceTimersByTime(95);
    expect(pace.room).toBe(1);
    pace.recordStarts(1);
    vi.advanceTimersByTime(50);
    expect(pace.wait).toBe(50);
  });
});
