import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CrmReceiver } from '../../src/cli/demo/crm-receiver.ts';
import { examineRedis } from '../../src/cli/doctor/redis.ts';
import { configuredDestinations } from '../../src/delivery/configured.ts';
import { RedisQueues } from '../../src/delivery/redis/queues.ts';
import { DeliveryScheduler } from '../../src/delivery/scheduler.ts';
import { silentLogger } from '../../src/runtime/log.ts';
import { coresOf } from '../support/cores.ts';
import { missedCall, type Office, openOffice, ringingCall } from '../support/office.ts';
import { Receiver } from '../support/receiver.ts';
import { type RedisServer, type RedisSettings, startRedis } from '../support/redis-server.ts';
import { freeTcpPort } from './lab/ports.ts';

const secret = `whsec_${Buffer.from('a secret that only two know of!!').toString('base64')}`;
const password = 'hunter-of-passwords';
/** BullMQ's event log of jobs; it grows only while jobs run through Redis. */
const events = 'patchbay:delivery-crm:events';

const releases: (() => unknown)[] = [];
afterEach(async () => {
  for (const release of releases.splice(0).reverse()) await release();
});

async function server(settings: RedisSettings = {}): Promise<RedisServer> {
  const redis = await startRedis(settings);
  releases.push(() => redis.stop());
  return redis;
}

describe('an unsuitable Redis', () => {
  const refusal = async (url: string) => {
    const queues = new RedisQueues({ url, log: silentLogger });
    const error: unknown = await queues.start().catch((reason: unknown) => reason);
    await queues.stop();
    return error instanceof Error ? error.message : null;
  };

  it('makes the start fail if it evicts keys, and the doctor explains why', async () => {
    const { url } = await server({ eviction: 'allkeys-lru' });
    expect(await refusal(url)).toMatch(/queue\.url: .*allkeys-lru.*set maxmemory-policy noeviction/);
    expect(await examineRedis(url)).toMatchObject({ ok: false, detail: expect.stringContaining('noeviction') });
  });

  it('makes the start fail if it rejects the login, and the password appears nowhere', async () => {
    const { url } = await server({ password });
    const wrong = url.replace(password, 'not-the-password');
    expect(await refusal(url)).toBeNull();
    const messages = [
      await refusal(wrong),
      await refusal(url.replace(`:${password}@`, '')),
      (await examineRedis(wrong)).detail,
    ];
    for (const text of messages) expect(text).toMatch(/WRONGPASS|NOAUTH/);
    expect(messages.join()).not.toContain('not-the-password');
  });

  it('is distinguished from one that could be configured better, and from one that is unreachable', async () => {
    const good = await examineRedis((await server({ appendOnly: true })).url);
    expect(good).toMatchObject({
      ok: true,
      detail: expect.stringMatching(/^Redis \d+\.\d+\.\d+ at 127\.0\.0\.1:\d+$/),
    });
    expect(await examineRedis((await server()).url)).toMatchObject({
      ok: true,
      detail: expect.stringMatching(/appendonly yes/),
    });
    const away = `redis://127.0.0.1:${await freeTcpPort()}`;
    expect(await examineRedis(away)).toMatchObject({ ok: false, detail: expect.stringContaining('ECONNREFUSED') });
  });
});

describe('an expendable queue', () => {
  let office: Office;
  let crm: CrmReceiver;
  let url: string;
  let serial = 0;

  beforeEach(async () => {
    serial = 0;
    office = await openOffice();
    releases.push(() => office.close());
    // Each webhook-id is rejected once, so that everything is also retried.
    crm = new CrmReceiver(secret, { firstAnswer: 503 });
    url = await crm.listen();
    releases.push(() => crm.close());
    await office.intake.apply([{ op: 'destinations', names: ['crm'], at: office.clock.now() }]);
  });

  /** The deliveries of an instance. */
  async function start(
    redisUrl: string,
    settings: object = {},
  ): Promise<{ queues: RedisQueues; stop: () => Promise<void> }> {
    const queues = new RedisQueues({ url: redisUrl, log: office.log });
    const webhook = { kind: 'webhook', url, secret, timeout: 2, retry: { first: 0.05, longest: 0.2 }, ...settings };
    const scheduler = new DeliveryScheduler({
      read: office.store.read,
      claim: (claim) => office.store.claimOwed(claim),
      release: (ids) => office.store.releaseOwed(ids),
      apply: (writes) => office.intake.apply(writes),
      clock: office.clock,
      log: office.log,
      destinations: configuredDestinations({ crm: webhook }, coresOf(office, { crm: webhook }).destinations),
      poll: 500,
      openQueue: (destination, listener) => queues.open(destination, listener),
    });
    await queues.start();
    scheduler.start();
    const off = office.intake.changes.on('change', () => scheduler.nudge());
    const stop = async () => {
      off();
      await scheduler.stop(100);
      await queues.stop();
    };
    releases.push(stop);
    return { queues, stop };
  }

  /** Calls of two revisions that are told after their end, so that they go through the queue. */
  async function calls(count: number): Promise<void> {
    const ids = Array.from({ length: count }, () => `call-${++serial}`);
    const guessed = (id: string) => ({ ...missedCall(id), reconstructed: true });
    await Promise.all(ids.map((id) => office.intake.emit(guessed(id))));
    const recorded = (id: string) => ({
      ...guessed(id),
      basis: 'record' as const,
      endedAt: (guessed(id).endedAt ?? 0) + 1,
    });
    await Promise.all(ids.map((id) => office.intake.emit(recorded(id))));
  }

  /** Calls that ring and are missed, which do not wait in the queue. */
  async function liveCalls(count: number): Promise<void> {
    const ids = Array.from({ length: count }, () => `call-${++serial}`);
    await Promise.all(ids.map((id) => office.intake.emit(ringingCall(id))));
    await Promise.all(ids.map((id) => office.intake.emit(missedCall(id))));
  }

  /** Waits until the CRM has the latest revision of every call and nothing is owed; no delivery had a wrong id. */
  async function everything(): Promise<void> {
    await vi.waitFor(
      async () => {
        expect(await office.store.read.owedNext('crm')).toBeNull();
        expect([...crm.interactions.values()].filter(({ revision }) => revision === 2)).toHaveLength(serial);
      },
      { timeout: 40_000, interval: 50 },
    );
    expect([crm.refused, crm.reused]).toEqual([0, 0]);
  }

  const jobsDone = async (redis: RedisServer) => Number(/:(\d+)/.exec(await redis.ask('XLEN', events))?.[1]);
  const up = (queues: RedisQueues) => vi.waitFor(() => expect(queues.up).toBe(true), { timeout: 20_000 });

  it('loses and duplicates nothing while Redis is emptied, killed with its data, and unresponsive', async () => {
    const redis = await server({ password });
    const { queues } = await start(redis.url);
    await calls(40);
    for (let i = 0; i < 5; i += 1) {
      await calls(5);
      await redis.ask('FLUSHALL');
    }
    await everything();
    expect(await jobsDone(redis)).toBeGreaterThan(0);

    const killed = calls(40);
    await redis.kill();
    await killed;
    await liveCalls(5);
    await everything();
    expect(queues.check()).toMatchObject({ ok: true, reason: expect.stringContaining('cannot be used') });
    await redis.start();
    await up(queues);
    await calls(10);
    await everything();
    expect(await jobsDone(redis)).toBeGreaterThan(0);

    const frozen = calls(20);
    redis.freeze();
    await frozen;
    await liveCalls(5);
    await everything();
    expect(queues.up).toBe(false);
    redis.thaw();
    await up(queues);
    await calls(10);
    await everything();
    expect(queues.check().reason).toBeNull();
    expect(office.logged()).not.toContain(password);
    expect(office.logged()).toContain('Redis cannot be used');
  });

  it('is used as soon as a Redis that was down at the start is available', async () => {
    const redis = await server();
    await redis.kill();
    const { queues } = await start(redis.url);
    expect([queues.up, queues.check().reason]).toEqual([false, expect.stringContaining('ECONNREFUSED')]);
    await calls(5);
    await everything();
    await redis.start();
    await up(queues);
    await calls(5);
    await everything();
    expect(await jobsDone(redis)).toBeGreaterThan(0);
  });

  it('holds only ids', async () => {
    const redis = await server();
    const silent = new Receiver();
    url = await silent.listen();
    releases.push(() => silent.close());
    silent.answer = () => undefined;
    const { queues } = await start(redis.url, { concurrency: 2, timeout: 30 });
    await calls(6);
    await silent.until(2);
    const jobs = await vi.waitFor(async () => {
      const depths = await queues.depths();
      expect(depths).toMatchObject([
        { state: 'waiting', count: 4 },
        { state: 'active', count: 2 },
      ]);
      return depths;
    }, 20_000);
    expect(jobs[0]?.destination).toBe('crm');
    const client = new Redis(redis.url);
    releases.push(() => client.disconnect());
    const keys = (await client.keys('patchbay:delivery-crm:owed-*')).filter((key) => !key.endsWith(':lock'));
    expect(keys).toHaveLength(6);
    for (const key of keys) {
      const job = await client.hgetall(key);
      expect(job.data).toBe('{}');
      expect(JSON.stringify(job)).not.toMatch(/9161234567|Zaytsev/);
    }
    const [one] = (await office.store.read.interactions({ limit: 1, cursor: null })).items;
    expect(keys.join()).not.toContain(one?.id);
  });

  it('enforces a rate across two instances', async () => {
    const redis = await server();
    const receiver = new Receiver();
    url = await receiver.listen();
    releases.push(() => receiver.close());
    const arrivals: number[] = [];
    receiver.answer = (response) => {
      arrivals.push(performance.now());
      response.end();
    };
    await start(redis.url, { rate: 5 });
    await start(redis.url, { rate: 5 });
    const began = performance.now();
    await Promise.all(Array.from({ length: 8 }, (_, i) => office.intake.emit(ringingCall(`rate-${i}`))));
    await receiver.until(8);
    // One each 200 ms; with a rate per instance it could have taken half the time.
    expect((arrivals[7] ?? 0) - began).toBeGreaterThan(1380);
  });

  it('lets the program stop while Redis is unresponsive', async () => {
    const redis = await server();
    const hanging = new Receiver();
    url = await hanging.listen();
    releases.push(() => hanging.close());
    hanging.answer = () => undefined;
    const { stop } = await start(redis.url);
    await calls(3);
    await hanging.until(1);
    redis.freeze();
    releases.push(() => redis.thaw());
    const began = performance.now();
    await stop();
    expect(performance.now() - began).toBeLessThan(10_000);
  });
});
