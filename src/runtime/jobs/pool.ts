import type { Worker } from 'node:worker_threads';
import type { Logger } from '../log.ts';
import { type Job, type JobOptions, JobOverrunError, type Jobs, type Overrun } from './job.ts';
import { PoolThread, type Task } from './pool-thread.ts';

/** Settings of a pool. */
export interface PoolSettings {
  /** Starts a thread that calls `serveJobs`, with its memory limits. */
  readonly spawn: () => Worker;
  readonly threads: number;
  /** Time limit of a job in milliseconds. */
  readonly deadline: number;
  /** How many jobs may wait; more are refused at once. */
  readonly maxQueue: number;
  readonly log: Logger;
}

/** Number of jobs by name and result. */
export type JobCounts = Readonly<Record<string, Readonly<Partial<Record<'done' | 'failed' | Overrun, number>>>>>;

/**
 * A pool of threads that run jobs, one at a time and with a deadline. If a job exceeds it, its thread is terminated
 * and replaced. Threads start when first needed and do not keep the process alive.
 */
export class JobPool implements Jobs {
  readonly #settings: PoolSettings;
  readonly #threads = new Set<PoolThread>();
  readonly #idle: PoolThread[] = [];
  readonly #queue: Task[] = [];
  readonly #counts: Record<string, Partial<Record<'done' | 'failed' | Overrun, number>>> = {};
  #stopped = false;

  constructor(settings: PoolSettings) {
    this.#settings = settings;
  }

  /** Finished jobs since the start, for the metrics. */
  get counts(): JobCounts {
    return this.#counts;
  }

  /** Number of jobs waiting for a thread. */
  get waiting(): number {
    return this.#queue.length;
  }

  async run<In, Out>(job: Job<In, Out>, input: In, options: JobOptions = {}): Promise<Out> {
    try {
      const result = await this.#enqueue(job.name, input, options);
      this.#count(job.name, 'done');
      return result as Out;
    } catch (error) {
      this.#count(job.name, error instanceof JobOverrunError ? error.overrun : 'failed');
      if (error instanceof JobOverrunError && !this.#stopped)
        this.#settings.log.warn({ job: job.name, overrun: error.overrun }, 'a job was aborted');
      throw error;
    }
  }

  /** Starts a thread before the first job arrives. */
  warm(): void {
    if (this.#threads.size === 0) this.#idle.push(this.#start());
  }

  /** Terminates the threads and aborts unfinished jobs. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const { name, reject } of this.#queue.splice(0)) reject(new JobOverrunError(name, 'stopped'));
    await Promise.all([...this.#threads].map((thread) => thread.stop()));
  }

  #enqueue(name: string, input: unknown, options: JobOptions): Promise<unknown> {
    if (this.#stopped) return Promise.reject(new JobOverrunError(name, 'stopped'));
    if (this.#queue.length >= this.#settings.maxQueue) return Promise.reject(new JobOverrunError(name, 'queue'));
    return new Promise((resolve, reject) => {
      const task: Task = { name, input, options, resolve, reject };
      if (options.urgent === true) this.#queue.unshift(task);
      else this.#queue.push(task);
      this.#assign();
    });
  }

  #assign(): void {
    while (this.#queue.length > 0) {
      const full = this.#threads.size >= this.#settings.threads;
      const thread = this.#idle.pop() ?? (full || this.#stopped ? null : this.#start());
      const task = thread === null ? undefined : this.#queue.shift();
      if (thread === null || task === undefined) return;
      thread.take(task);
    }
  }

  #start(): PoolThread {
    const { spawn, deadline } = this.#settings;
    const thread = new PoolThread(spawn(), deadline, {
      free: (one) => {
        this.#idle.push(one);
        this.#assign();
      },
      gone: (one) => {
        this.#threads.delete(one);
        const at = this.#idle.indexOf(one);
        if (at !== -1) this.#idle.splice(at, 1);
        this.#assign();
      },
    });
    this.#threads.add(thread);
    return thread;
  }

  #count(name: string, outcome: 'done' | 'failed' | Overrun): void {
    const counts = this.#counts[name] ?? {};
    counts[outcome] = (counts[outcome] ?? 0) + 1;
    this.#counts[name] = counts;
  }
}
