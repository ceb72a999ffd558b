/**
 * Work whose duration depends on outside input. It runs in a thread, with a deadline and limited memory. The thread
 * looks it up by name; only threads and tests call `run` directly.
 */
export interface Job<In, Out> {
  readonly name: string;
  readonly run: (input: In) => Out | Promise<Out>;
  /** Buffers of the result to transfer instead of copying. */
  readonly transfer?: (result: Out) => readonly ArrayBuffer[];
}

/** A job of any type, as listed by a thread. */
export interface AnyJob {
  readonly name: string;
  readonly run: (input: never) => unknown;
  readonly transfer?: (result: never) => readonly ArrayBuffer[];
}

/** Options of a single run. */
export interface JobOptions {
  /** Buffers of the input to transfer; the caller can no longer use them. */
  readonly transfer?: readonly ArrayBuffer[];
  /** Put the job at the front of the queue, because a person is waiting for it. */
  readonly urgent?: boolean;
}

/** Runs jobs. */
export interface Jobs {
  /** Rejects with {@link JobOverrunError} if the job exceeded a limit, otherwise with the error it threw. */
  run<In, Out>(job: Job<In, Out>, input: In, options?: JobOptions): Promise<Out>;
}

/** Why a job was aborted: its deadline, the thread's memory, the end of the thread or the pool, or a full queue. */
export type Overrun = 'time' | 'memory' | 'crash' | 'stopped' | 'queue';

/** A job was aborted. Except for `stopped` and `queue`, repeating it would end the same way. */
export class JobOverrunError extends Error {
  readonly overrun: Overrun;

  constructor(job: string, overrun: Overrun) {
    super(`the job "${job}" was aborted: ${words[overrun]}`);
    this.overrun = overrun;
  }
}

const words: Readonly<Record<Overrun, string>> = {
  time: 'it exceeded its deadline',
  memory: 'it exceeded its memory limit',
  crash: 'its thread ended',
  stopped: 'the program is stopping',
  queue: 'too many jobs are waiting',
};

/** Runs jobs in the caller's thread without limits: for tests, and tools that read their own data. */
export const inProcessJobs: Jobs = {
  run: async (job, input) => job.run(input),
};

/** A request to a thread. */
export interface JobRequest {
  readonly name: string;
  readonly input: unknown;
}

/** A message from a thread: it is ready, or its job has ended. */
export type JobAnswer = { readonly ready: true } | { readonly result: unknown } | { readonly error: unknown };
