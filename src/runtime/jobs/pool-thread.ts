import type { Worker } from 'node:worker_threads';
import { type JobAnswer, type JobOptions, JobOverrunError, type JobRequest, type Overrun } from './job.ts';

/** A job that somebody waits for. */
export interface Task extends JobRequest {
  readonly options: JobOptions;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** What a pool does when a thread has nothing to do, or is no more. */
export interface ThreadOwner {
  free(thread: PoolThread): void;
  gone(thread: PoolThread): void;
}

/** One thread of a pool: it has at most one job, and ends with a job that runs over its deadline. */
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
    worker.on('message', (answer: JobAnswer) => this.#hear(answer));
    worker.on('error', (error: Error & { code?: string }) =>
      this.#end(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'memory' : 'crash'),
    );
    worker.on('exit', () => this.#end('crash'));
  }

  /** Gives the thread a job; it must have none. The deadline begins when the thread listens. */
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

  /** Ends the thread, and its job with it. */
  async stop(): Promise<void> {
    this.#end('stopped');
    await this.#worker.terminate();
  }

  #hear(answer: JobAnswer): void {
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

  #settle(tell: (task: Task) => void): void {
    const task = this.#release();
    if (task !== null) tell(task);
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
