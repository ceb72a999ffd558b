import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { KeptBuckets } from '../../src/crm/kept-buckets.ts';
import type { Write } from '../../src/domain/ports/writes.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** The runs of a program, one after the other. */
function program() {
  const cursors = new Map<string, string>();
  return async (instances = 1) => {
    const buckets = new KeptBuckets({
      read: { cursor: async (connection, name) => cursors.get(`${connection} ${name}`) ?? null },
      apply: async (writes: readonly Write[]) =>
        writes.map((write) => {
          if (write.op === 'cursor') cursors.set(`${write.connection} ${write.name}`, write.value);
          return { ok: true, changes: [], followUps: [] };
        }),
      clock: { now: () => Date.now() },
    });
    const bucket = buckets.open('b24', { perSecond: 2, size: 50 }, instances);
    await buckets.start();
    return { buckets, bucket };
  };
}

it('a bucket begins at the level that a clean stop kept, and drains while the program is away', async () => {
  const run = program();
  const first = await run();
  expect(await first.bucket.take(1)).toBeGreaterThan(0);
  vi.advanceTimersByTime(60_000);
  // Two seconds' worth of room is left: the ceiling is 48.
  for (let made = 0; made < 48; made += 1) {
    expect(await first.bucket.take(1)).toBe(0);
    first.bucket.landed();
  }
  await first.buckets.stop();
  vi.advanceTimersByTime(5000);
  const second = await run();
  for (let made = 0; made < 10; made += 1) expect(await second.bucket.take(1)).toBe(0);
  expect(await second.bucket.take(1)).toBeGreaterThan(0);
});

it('a bucket begins full after a crash, beside other instances, and if the clock went back', async () => {
  const run = program();
  const first = await run();
  vi.advanceTimersByTime(60_000);
  await first.buckets.stop();
  expect(await (await run()).bucket.take(1)).toBe(0);
  // This run is killed.
  expect(await (await run()).bucket.take(1)).toBeGreaterThan(0);

  const third = await run();
  vi.advanceTimersByTime(60_000);
  await third.buckets.stop();
  expect(await (await run(2)).bucket.take(1)).toBeGreaterThan(0);
  vi.setSystemTime(Date.now() - 3_600_000);
  expect(await (await run()).bucket.take(1)).toBeGreaterThan(0);
});
