import { afterAll, beforeAll, expect, it } from 'vitest';
import { Budget } from '../../src/crm/shared/budget.ts';
import { RedisQueues } from '../../src/delivery/redis/queues.ts';
import type { Bucket } from '../../src/runtime/leaky-bucket.ts';
import { silentLogger } from '../../src/runtime/log.ts';
import { startPortal } from '../support/bitrix24/portal.ts';
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

it("two instances together never make the portal's bucket overflow", async () => {
  const portal = await startPortal({
    rate: { drain: 10, size: 100 },
    webhooks: [{ userId: 1, secret: 'x', scopes: [] }],
  });
  try {
    const limit = { perSecond: 10, size: 100 };
    const [a, b] = [await instance(), await instance()];
    await redis.ask('HSET', 'patchbay:bucket:both', 'level', '0');
    const call = async (budget: Budget) => {
      const landed = await budget.take('usual', AbortSignal.timeout(30_000));
      await (await fetch(`${portal.webhookUrl(1, 'x')}profile`, { method: 'POST' })).arrayBuffer();
      landed();
    };
    const calls = [a, b].flatMap((one) => {
      const budget = new Budget(one.bucket('both', limit, 2));
      return Array.from({ length: 40 }, () => call(budget));
    });
    await Promise.all(calls);
    expect(portal.rest.bucket.refused).toBe(0);
    // A bucket of its own would have let each instance go ahead at once.
    expect(portal.rest.bucket.highest).toBeLessThan(75);
  } finally {
    await portal.close();
  }
}, 60_000);

it('a delivery that does not come from the queue takes the next place of its rate, and the jobs wait', async () => {
  const queues = new RedisQueues({ url: redis.url, log: silentLogger });
  instances.push(queues);
  const jobs: string[] = [];
  const take = async (id: string) => void jobs.push(id);
  const hour = 3_600_000;
  const queue = queues.open(
    { name: 'paced', concurrency: 4, rate: { max: 1, duration: hour } },
    { take, changed: () => undefined },
  );
  await queues.start();
  await expect.poll(() => queue.ready).toBe(true);
  await queue.put(['1', '2']);
  await expect.poll(() => jobs).toEqual(['1']);
  const first = await queue.takePlace();
  const second = await queue.takePlace();
  expect(first).toBeLessThanOrEqual(hour);
  expect(second).toBeGreaterThan(hour);
  expect(second).toBeLessThanOrEqual(2 * hour);
  expect(jobs).toEqual(['1']);
}, 60_000);
