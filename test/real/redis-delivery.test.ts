import { afterAll, beforeAll, beforeEach } from 'vitest';
import { RedisQueues } from '../../src/delivery/redis/queues.ts';
import { deliveryConformance } from '../delivery/conformance.ts';
import { type RedisServer, startRedis } from '../support/redis-server.ts';

let redis: RedisServer;

beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis?.stop());
// Each test has its own store, whose rows are numbered from one again.
beforeEach(() => redis.ask('FLUSHALL'));

deliveryConformance('shared out by Redis', (log) => new RedisQueues({ url: redis.url, log }));
