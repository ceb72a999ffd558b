import { Queue, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Logger } from '../../runtime/log.ts';
import { sleep } from '../../runtime/sleep.ts';
import type { QueueListener, QueueSettings, SharedQueue } from '../shared-queue.ts';
import { patientConnection, troubleOf } from './connection.ts';
import { RedisLink } from './link.ts';

/** Begins every key, so that a Redis may serve others too. */
const prefix = 'patchbay';
const idPrefix = 'owed-';
/** A job whose instance died is handed to another after about so long (milliseconds); a claim in the store lasts longer. */
const lock = 6000;
/** At a stop, what the workers have to tell Redis may take so long (milliseconds). */
const stopPatience = 1000;

/** How many jobs a destination's queue has, by state. */
export interface QueueDepth {
  readonly destination: string;
  readonly state: string;
  readonly count: number;
}

/**
 * The destinations' queues in one Redis, with BullMQ. Each time Redis comes (back), queues and workers are made anew: what the
 * old ones were waiting for is not worth finding out. See docs/decisions/0007-redis.md.
 */
export class RedisQueues {
  readonly #link: RedisLink;
  readonly #url: string;
  readonly #log: Logger;
  readonly #queues: DestinationQueue[] = [];
  #work: Redis | null = null;

  constructor({ url, log }: { readonly url: string; readonly log: Logger }) {
    this.#url = url;
    this.#log = log;
    this.#link = new RedisLink({ url, log, onUp: (redis) => this.#begin(redis), onDown: () => this.#end() });
  }

  /** An {@link OpenQueue}; to be called before the start. */
  open(settings: QueueSettings, listener: QueueListener): SharedQueue {
    const queue = new DestinationQueue(settings, listener, {
      log: this.#log,
      doubt: (error) => this.#link.doubt(error),
    });
    this.#queues.push(queue);
    return queue;
  }

  /** Resolves when Redis has answered, or has not for some seconds; rejects with why it must not be used. */
  start(): Promise<void> {
    return this.#link.start();
  }

  /** For `/health/ready`. Without Redis everything goes on, so that it is no reason to send callers and forms elsewhere. */
  check(): { readonly name: string; readonly ok: boolean; readonly reason: string | null } {
    const { reason } = this.#link;
    const told = reason === null ? null : `Redis can't be used, deliveries go on without it: ${reason}`;
    return { name: 'queue', ok: true, reason: told };
  }

  get up(): boolean {
    return this.#link.up;
  }

  /** What lies in the queues, over all instances; nothing while Redis is away. */
  async depths(): Promise<readonly QueueDepth[]> {
    return (await Promise.all(this.#queues.map((queue) => queue.depth()))).flat();
  }

  /** To be called when the deliveries have been stopped. */
  async stop(): Promise<void> {
    await Promise.race([Promise.all(this.#queues.map((queue) => queue.stop())), sleep(stopPatience)]);
    this.#end();
    await this.#link.stop();
  }

  #begin(redis: Redis): void {
    this.#work = patientConnection(this.#url);
    for (const queue of this.#queues) queue.begin(redis, this.#work);
  }

  #end(): void {
    for (const queue of this.#queues) queue.end();
    this.#work?.disconnect();
    this.#work = null;
  }
}

interface Surroundings {
  readonly log: Logger;
  /** A command failed. */
  readonly doubt: (error: unknown) => void;
}

/** One destination's queue. Its jobs are the ids of owed rows and nothing else. */
class DestinationQueue implements SharedQueue {
  readonly #settings: QueueSettings;
  readonly #listener: QueueListener;
  readonly #around: Surroundings;
  #now: { readonly queue: Queue; readonly worker: Worker } | null = null;
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
    if (this.#now === null) throw new Error('Redis is away');
    try {
      await this.#now.queue.addBulk(ids.map((id) => ({ name: 'deliver', data: {}, opts: { jobId: idPrefix + id } })));
    } catch (error) {
      this.#around.doubt(error);
      throw error;
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

  /** Redis is there. `work` is for the workers. */
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
      lockDuration: lock,
      stalledInterval: lock / 2,
      // How often a job may be handed on is not Redis's to decide: the store counts attempts.
      maxStalledCount: 1_000_000,
      runRetryDelay: 1000,
    });
    const tell = (error: Error) => this.#tell(worker, error);
    queue.on('error', tell);
    worker.on('error', tell);
    worker.on('completed', () => this.#listener.changed());
    worker.on('failed', (_job, error) => {
      tell(error);
      this.#listener.changed();
    });
    this.#now = { queue, worker };
    this.#listener.changed();
  }

  /** Redis is away: what the worker still has to tell it is let go. */
  end(): void {
    const { queue, worker } = this.#now ?? {};
    this.#now = null;
    void worker?.close(true).catch(() => undefined);
    void queue?.close().catch(() => undefined);
    this.#listener.changed();
  }

  #tell(worker: Worker, error: Error): void {
    if (this.#now?.worker !== worker) return;
    const facts = { destination: this.#settings.name, reason: troubleOf(error) };
    this.#around.log.warn(facts, 'the queue has trouble; what is owed is in the store');
  }
}
