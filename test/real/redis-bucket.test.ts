import { afterAll, beforeAll, expect, it } from 'vitest';
import { RedisQueues } from '../../src/delivery/redis/queues.ts';
import type { Bucket } from '../../src/runtime/leaky-bucket.ts';
import { silentLogger } from '../../src/runtime/log.ts';
import { type RedisServer, startRedis } from '../support/redis-server.ts';

let redis: RedisServer;
const instances: RedisQueues[] = [];

beforeAll(async () => {
  redis = await startRedis();
});
afterAll(async () => {
  for (const one of instances) await one.stop();
  await redis.stop();
});

async function instance(): Promise<RedisQueues> {
  const queues = new RedisQueues({ url: redis.url, log: silentLogger });
  instances.push(queues);
  await queues.start();
  await expect.poll(() => queues.up).toBe(true);
  return queues;
}

/** How many requests a bucket lets through now. */
async function room(...buckets: Bucket[]): Promise<number> {
  for (let count = 0; ; count += 1) if ((await (buckets[count % buckets.length] as Bucket).take(1)) > 0) return count;
}

it('instances share one bucket; while Redis is away each takes its part, and a bucket of unknown level is full', async () => {
  const limit = { perSecond: 0.001, size: 20 };
  const [a, b] = [await instance(), await instance()];
  const [one, two] = [a.bucket('shared', limit, 2), b.bucket('shared', limit, 2)];
  expect(await one.take(1)).toBeGreaterThan(0);
  await redis.ask('HSET', 'patchbay:bucket:shared', 'level', '0');
  expect(await room(one, two)).toBe(19);
  await redis.ask('HSET', 'patchbay:bucket:shared', 'level', '0');
  await one.fill();
  expect(await two.take(1)).toBeGreaterThan(0);

  const fast = { perSecond: 1000, size: 20_000 };
  const [quick, other] = [a.bucket('quick', fast, 2), b.bucket('quick', fast, 2)];
  await expect.poll(() => quick.take(1)).toBe(0);
  await redis.kill();
  await expect.poll(() => a.up).toBe(false);
  expect(await quick.take(1)).toBeGreaterThan(0);
  await expect.poll(() => other.take(1), { timeout: 5000 }).toBe(0);
  await redis.start();
  await expect.poll(() => a.up && b.up, { timeout: 15_000 }).toBe(true);
  expect(await one.take(1)).toBeGreaterThan(0);
}, 60_000);
