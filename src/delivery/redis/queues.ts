import { Queue, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { type Bucket, type BucketLimit, partOf } from '../../runtime/leaky-bucket.ts';
import type { Logger } from '../../runtime/log.ts';
import { sleep } from '../../runtime/sleep.ts';
import type { QueueListener, QueueSettings, SharedQueue } from '../shared-queue.ts';
import { RedisBucket } from './bucket.ts';
import { retryingConnection, troubleOf } from './connection.ts';
import { RedisLink } from './link.ts';

/** Prefix of every key, so that other programs can use the same Redis. */
const prefix = 'patchbay';
const idPrefix = 'owed-';
/**
 * After about this many milliseconds, the job of a dead instance passes to another one. Claims in the store last
 * longer.
 */
const lockDuration = 6000;
/** How long a stop waits for the workers to finish with Redis, in milliseconds. */
const stopPatience = 1000;

/**
 * Takes a place in BullMQ's limiter, or the one after those that are taken: the limit then lasts longer by the time of
 * one place. Returns the milliseconds until the place. ARGV: places, and the milliseconds for which they are.
 */
const takePlaceScript = `
local wait = redis.call('PTTL', KEYS[1])
if wait > 0 and tonumber(redis.call('GET', KEYS[1])) >= tonumber(ARGV[1]) then
  redis.call('PEXPIRE', KEYS[1], wait + math.ceil(ARGV[2] / ARGV[1]))
  return wait
end
if redis.call('INCR', KEYS[1]) == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return 0
`;

/** The number of jobs in a destination's queue, by state. */
export interface QueueDepth {
  readonly destination: string;
  readonly state: string;
  readonly count: number;
}

/**
 * The queues of all destinations in one Redis, using BullMQ. Each time Redis becomes available, queues and workers
 * are created anew, which is simpler than recovering the old ones. See docs/decisions/0007-redis.md.
 */
export class RedisQueues {
  readonly #link: RedisLink;
  readonly #url: string;
  readonly #log: Logger;
  readonly #queues: DestinationQueue[] = [];
  #work: Redis | null = null;
  /** Null while Redis is unavailable. */
  #redis: Redis | null = null;

  constructor({ url, log }: { readonly url: string; readonly log: Logger }) {
    this.#url = url;
    this.#log = log;
    this.#link = new RedisLink({ url, log, onUp: (redis) => this.#begin(redis), onDown: () => this.#end() });
  }

  /** Opens a queue (an {@link OpenQueue}). Call it before `start`. */
  open(settings: QueueSettings, listener: QueueListener): SharedQueue {
    const queue = new DestinationQueue(settings, listener, {
      log: this.#log,
      doubt: (error) => this.#link.doubt(error),
    });
    this.#queues.push(queue);
    return queue;
  }

  /** Opens a bucket that all instances share while Redis is available; otherwise each takes its part. */
  bucket(name: string, limit: BucketLimit, instances: number): Bucket {
    return new RedisBucket(`${prefix}:bucket:${name}`, limit, partOf(limit, instances), {
      redis: () => this.#redis,
      doubt: (error) => this.#link.doubt(error),
    });
  }

  /** Resolves when Redis has answered, or has not for some seconds. Rejects if it must not be used. */
  start(): Promise<void> {
    return this.#link.start();
  }

  /** For `/health/ready`. Everything works without Redis, so its absence must not divert callers and forms. */
  check(): { readonly name: string; readonly ok: boolean; readonly reason: string | null } {
    const { reason } = this.#link;
    const description = reason === null ? null : `Redis cannot be used, deliveries continue without it: ${reason}`;
    return { name: 'queue', ok: true, reason: description };
  }

  get up(): boolean {
    return this.#link.up;
  }

  /** The queue depths over all instances; empty while Redis is unavailable. */
  async depths(): Promise<readonly QueueDepth[]> {
    return (await Promise.all(this.#queues.map((queue) => queue.depth()))).flat();
  }

  /** Call it after deliveries have been stopped. */
  async stop(): Promise<void> {
    await Promise.race([Promise.all(this.#queues.map((queue) => queue.stop())), sleep(stopPatience)]);
    this.#end();
    await this.#link.stop();
  }

  #begin(redis: Redis): void {
    this.#redis = redis;
    this.#work = retryingConnection(this.#url);
    for (const queue of this.#queues) queue.begin(redis, this.#work);
  }

  #end(): void {
    for (const queue of this.#queues) queue.end();
    this.#work?.disconnect();
    this.#work = null;
    this.#redis = null;
  }
}

interface Surroundings {
  readonly log: Logger;
  /** Reports a failed command. */
  readonly doubt: (error: unknown) => void;
}

/** The queue of one destination. Its jobs carry only the ids of deliveries. */
class DestinationQueue implements SharedQueue {
  readonly #settings: QueueSettings;
  readonly #listener: QueueListener;
  readonly #around: Surroundings;
  #now: { readonly redis: Redis; readonly queue: Queue; readonly worker: Worker } | null = null;
  #stopped: Promise<void> | null = null;

  constructor(settings: QueueSettings, listener: QueueListener, around: Surroundings) {
    this.#settings = settings;
    this.#listener = listener;
    this.#around = around;
  }

  get ready(): boolean {
    return this.#now !== null && this.#stopped === null;
  }

  async put(ids: readonly string[]): Promise<void> {
    if (this.#now === null) throw new Error('Redis is unavailable');
    try {
      await this.#now.queue.addBulk(ids.map((id) => ({ name: 'deliver', data: {}, opts: { jobId: idPrefix + id } })));
    } catch (error) {
      this.#around.doubt(error);
      throw error;
    }
  }

  async takePlace(): Promise<number> {
    const { rate } = this.#settings;
    if (rate === null || this.#now === null) return 0;
    const { redis, queue } = this.#now;
    try {
      return Number(await redis.eval(takePlaceScript, 1, queue.toKey('limiter'), rate.max, rate.duration));
    } catch (error) {
      this.#around.doubt(error);
      return 0;
    }
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#now?.worker.close() ?? Promise.resolve();
    return this.#stopped;
  }

  async depth(): Promise<readonly QueueDepth[]> {
    if (this.#now === null) return [];
    const counts = await this.#now.queue.getJobCounts('waiting', 'active').catch(() => ({}));
    return Object.entries(counts).map(([state, count]) => ({ destination: this.#settings.name, state, count }));
  }

  /** Starts using Redis. `work` is the connection of the workers. */
  begin(redis: Redis, work: Redis): void {
    if (this.#stopped !== null) return;
    const { name, concurrency, rate } = this.#settings;
    const queueName = `delivery-${name}`;
    const queue = new Queue(queueName, {
      connection: redis,
      prefix,
      defaultJobOptions: { removeOnComplete: true, removeOnFail: true },
      streams: { events: { maxLen: 100 } },
    });
    const take = ({ id = '' }: { id?: string }) => this.#listener.take(id.slice(idPrefix.length));
    const worker = new Worker(queueName, take, {
      connection: work,
      prefix,
      concurrency,
      ...(rate !== null && { limiter: rate }),
      lockDuration,
      stalledInterval: lockDuration / 2,
      // Redis must not limit how often a job is handed on: the store counts attempts.
      maxStalledCount: 1_000_000,
      runRetryDelay: 1000,
    });
    const logError = (error: Error) => this.#logError(worker, error);
    queue.on('error', logError);
    worker.on('error', logError);
    worker.on('completed', () => this.#listener.changed());
    worker.on('failed', (_job, error) => {
      logError(error);
      this.#listener.changed();
    });
    this.#now = { redis, queue, worker };
    this.#listener.changed();
  }

  /** Stops using Redis. The worker's outstanding messages to Redis are dropped. */
  end(): void {
    const { queue, worker } = this.#now ?? {};
    this.#now = null;
    void worker?.close(true).catch(() => undefined);
    void queue?.close().catch(() => undefined);
    this.#listener.changed();
  }

  #logError(worker: Worker, error: Error): void {
    if (this.#now?.worker !== worker) return;
    const facts = { destination: this.#settings.name, reason: troubleOf(error) };
    this.#around.log.warn(facts, 'an error occurred in a delivery queue; deliveries are safe in the store');
  }
}
