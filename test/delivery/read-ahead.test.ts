import { expect, it, vi } from 'vitest';
import { ReadAhead } from '../../src/delivery/read-ahead.ts';
import type { Owed } from '../../src/domain/delivery/delivery.ts';

const row = (id: string) => ({ id }) as Owed;

it('returns rows in order while their claim outlasts an attempt, and releases the others', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  try {
    const ahead = new ReadAhead(1000);
    ahead.put([row('1'), row('2'), row('3')]);
    expect(ahead.next()?.id).toBe('1');
    vi.advanceTimersByTime(999);
    expect(ahead.next()?.id).toBe('2');
    vi.advanceTimersByTime(1);
    expect(ahead.next()).toBeUndefined();
    expect(ahead.clear()).toEqual(['3']);
    expect(ahead.clear()).toEqual([]);
  } finally {
    vi.useRealTimers();
  }
});
