import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Budget, type Urgency } from '../../../src/crm/shared/budget.ts';
import { LeakyBucket } from '../../../src/runtime/leaky-bucket.ts';
import { sleep } from '../../../src/runtime/sleep.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const limit = { perSecond: 2, size: 50 };
const { signal } = new AbortController();

/** The other side's bucket: begins as full as given, drains once a second, and counts the requests that it refuses. */
class TheirBucket {
  level: number;
  second = Math.floor(performance.now() / 1000);
  refused = 0;

  constructor(level: number) {
    this.level = level;
  }

  request(): void {
    const second = Math.floor(performance.now() / 1000);
    this.level = Math.max(0, this.level - (second - this.second) * limit.perSecond);
    this.second = second;
    if (this.level + 1 > limit.size) this.refused += 1;
    else this.level += 1;
  }
}

/** A budget that has been at rest for long. */
async function rested(): Promise<Budget> {
  const budget = new Budget(new LeakyBucket(limit));
  await vi.advanceTimersByTimeAsync(60_000);
  return budget;
}

describe('a budget', () => {
  it('never makes the other bucket overflow, even after a restart that it knows nothing of', async () => {
    const theirs = new TheirBucket(45);
    const budget = new Budget(new LeakyBucket(limit));
    let made = 0;
    let seed = 1;
    const way = () => {
      seed = (seed * 16_807) % 2_147_483_647;
      return seed % 3000;
    };
    const load = async (urgency: Urgency) => {
      for (;;) {
        const landed = await budget.take(urgency, signal);
        // Up to three seconds on the way.
        await sleep(way());
        theirs.request();
        landed();
        made += 1;
      }
    };
    for (const urgency of ['live', 'live', 'live', 'live', 'usual', 'usual', 'usual', 'background'] as const)
      void load(urgency);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(theirs.refused).toBe(0);
    // The limit is used to the full.
    expect(made).toBeGreaterThan(215);
  });

  it('admits live calls at once while a backlog takes all the rest', async () => {
    const budget = await rested();
    const backlog = async () => {
      for (;;) (await budget.take('usual', signal))();
    };
    for (let worker = 0; worker < 20; worker += 1) void backlog();
    await vi.advanceTimersByTimeAsync(30_000);
    const began = performance.now();
    for (let i = 0; i < 9; i += 1) (await budget.take('live', signal))();
    expect(performance.now() - began).toBe(0);
  });

  it('admits live before usual before background when all wait', async () => {
    const budget = new Budget(new LeakyBucket({ perSecond: 20, size: 100 }));
    const order: Urgency[] = [];
    for (const urgency of ['background', 'usual', 'live', 'background', 'usual', 'live'] as const)
      void budget.take(urgency, signal).then((landed) => {
        order.push(urgency);
        landed();
      });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(order).toEqual(['live', 'live', 'usual', 'usual', 'background', 'background']);
  });

  it('lets a reading go on in a backlog of hours', async () => {
    const budget = await rested();
    const backlog = async () => {
      for (;;) (await budget.take('usual', signal))();
    };
    for (let worker = 0; worker < 8; worker += 1) void backlog();
    let read = 0;
    const reading = async () => {
      for (;;) {
        (await budget.take('background', signal))();
        read += 1;
      }
    };
    await vi.advanceTimersByTimeAsync(20_000);
    void reading();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(read).toBeGreaterThanOrEqual(8);
  });

  it('pauses after a refusal, the less urgent the longer', async () => {
    const budget = await rested();
    await budget.exceeded();
    const began = performance.now();
    const waited: Partial<Record<Urgency, number>> = {};
    for (const urgency of ['background', 'live', 'usual'] as const)
      void budget.take(urgency, signal).then(() => {
        waited[urgency] = Math.round((performance.now() - began) / 1000);
      });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(waited.live).toBeLessThan(5);
    expect(waited.usual).toBeGreaterThanOrEqual(8);
    expect(waited.background).toBeGreaterThanOrEqual(13);
  });

  it('forgets a request that no longer waits', async () => {
    const budget = await rested();
    await budget.exceeded();
    const leaving = new AbortController();
    const left = budget.take('live', leaving.signal);
    const rejected = expect(left).rejects.toThrow('gone');
    leaving.abort(new Error('gone'));
    await rejected;
    const stays = budget.take('usual', signal);
    await vi.advanceTimersByTimeAsync(20_000);
    await stays;
    await expect(budget.take('live', leaving.signal)).rejects.toThrow('gone');
  });
});
