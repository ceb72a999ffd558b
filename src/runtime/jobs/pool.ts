import type { Worker } from 'node:worker_threads';
import type { Logger } from '../log.ts';
import { type Job, type JobOptions, JobOverrunError, type Jobs, type Overrun } from './job.ts';
import { PoolThread, type Task } from './pool-thread.ts';

/** What a pool is made of. */
export interface PoolSettings {
  /** Starts a thread that calls `serveJobs`, with its bounds of memory. */
  readonly spawn: () => Worker;
  readonly threads: number;
  /** Milliseconds that a job may take. */
  readonly deadline: number;
  /** Jobs that may wait; further ones are refused at once. */
  readonly longestQueue: number;
  readonly log: Logger;
}

/** How often jobs of a name ended in a way. */
export type JobCounts = Readonly<Record<string, Readonly<Partial<Record<'done' | 'failed' | Overrun, number>>>>>;

/**
 * Threads that do jobs, each one at a time and within a deadline. A thread whose job runs over it is ended and another one
 * started in its place. Threads start when they are first needed, and don't keep the process alive.
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

  /** How jobs ended since the start; for the metrics. */
  get counts(): JobCounts {
    return this.#counts;
  }

  /** Jobs that wait for a thread. */
  get waiting(): number {
    return this.#queue.length;
  }

  async run<In, Out>(job: Job<In, Out>, input: In, options: JobOptions = {}): Promise<Out> {
    try {
      const result = await this.#ask(job.name, input, options);
      this.#count(job.name, 'done');
      return result as Out;
    } catch (error) {
      this.#count(job.name, error instanceof JobOverrunError ? error.overrun : 'failed');
      if (error instanceof JobOverrunError && !this.#stopped)
        this.#settings.log.warn({ job: job.name, overrun: error.overrun }, 'a job was given up');
      throw error;
    }
  }

  /** Has a thread ready before the first job comes. */
  warm(): void {
    if (this.#threads.size === 0) this.#idle.push(this.#start());
  }

  /** Ends the threads; jobs that are not done yet are given up. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const { name, reject } of this.#queue.splice(0)) reject(new JobOverrunError(name, 'stopped'));
    await Promise.all([...this.#threads].map((thread) => thread.stop()));
  }

  #ask(name: string, input: unknown, options: JobOptions): Promise<unknown> {
    if (this.#stopped) return Promise.reject(new JobOverrunError(name, 'stopped'));
    if (this.#queue.length >= this.#settings.longestQueue) return Promise.reject(new JobOverrunError(name, 'queue'));
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
