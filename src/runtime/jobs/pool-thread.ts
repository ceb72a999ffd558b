import type { Worker } from 'node:worker_threads';
import { type JobAnswer, type JobOptions, JobOverrunError, type JobRequest, type Overrun } from './job.ts';

/** A job with a waiting caller. */
export interface Task extends JobRequest {
  readonly options: JobOptions;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Callbacks to the pool when a thread becomes free or has ended. */
export interface ThreadOwner {
  free(thread: PoolThread): void;
  gone(thread: PoolThread): void;
}

/** A thread of a pool. It runs at most one job, and is terminated if the job exceeds its deadline. */
export class PoolThread {
  readonly #worker: Worker;
  readonly #deadline: number;
  readonly #owner: ThreadOwner;
  #task: Task | null = null;
  #timer: NodeJS.Timeout | null = null;
  #ready = false;
  #ended = false;

  constructor(worker: Worker, deadline: number, owner: ThreadOwner) {
    this.#worker = worker;
    this.#deadline = deadline;
    this.#owner = owner;
    worker.unref();
    worker.on('message', (answer: JobAnswer) => this.#onMessage(answer));
    worker.on('error', (error: Error & { code?: string }) =>
      this.#end(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'memory' : 'crash'),
    );
    worker.on('exit', () => this.#end('crash'));
  }

  /** Gives an idle thread a job. The deadline starts when the thread is ready. */
  take(task: Task): void {
    this.#task = task;
    this.#worker.ref();
    if (this.#ready) this.#watch();
    const { name, input, options } = task;
    try {
      this.#worker.postMessage({ name, input } satisfies JobRequest, [...(options.transfer ?? [])]);
    } catch (error) {
      this.#settle(({ reject }) => reject(error));
    }
  }

  /** Terminates the thread and its job. */
  async stop(): Promise<void> {
    this.#end('stopped');
    await this.#worker.terminate();
  }

  #onMessage(answer: JobAnswer): void {
    if (this.#ended) return;
    if ('ready' in answer) {
      this.#ready = true;
      if (this.#task !== null) this.#watch();
    } else if ('result' in answer) this.#settle(({ resolve }) => resolve(answer.result));
    else this.#settle(({ reject }) => reject(answer.error));
  }

  #watch(): void {
    this.#timer = setTimeout(() => {
      this.#end('time');
      void this.#worker.terminate();
    }, this.#deadline);
  }

  #settle(finish: (task: Task) => void): void {
    const task = this.#release();
    if (task !== null) finish(task);
    this.#worker.unref();
    this.#owner.free(this);
  }

  #end(why: Overrun): void {
    if (this.#ended) return;
    this.#ended = true;
    const task = this.#release();
    task?.reject(new JobOverrunError(task.name, why));
    this.#owner.gone(this);
  }

  #release(): Task | null {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const task = this.#task;
    this.#task = null;
    return task;
  }
}
