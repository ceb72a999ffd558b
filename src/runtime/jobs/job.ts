/**
 * Work whose length outsiders decide: it is done in a thread, within a deadline and with bounded memory. The thread finds it by its
 * name; `run` itself is what the thread calls, and tests may.
 */
export interface Job<In, Out> {
  readonly name: string;
  readonly run: (input: In) => Out | Promise<Out>;
  /** Buffers of the result that are handed over instead of copied. */
  readonly transfer?: (result: Out) => readonly ArrayBuffer[];
}

/** Any job, as a thread has it in its table. */
export interface AnyJob {
  readonly name: string;
  readonly run: (input: never) => unknown;
  readonly transfer?: (result: never) => readonly ArrayBuffer[];
}

/** How a job is asked for. */
export interface JobOptions {
  /** Buffers of the input that are handed over: nobody else may use them any more. */
  readonly transfer?: readonly ArrayBuffer[];
  /** Somebody waits in front of a screen: it goes before those that wait already. */
  readonly urgent?: boolean;
}

/** Does jobs. */
export interface Jobs {
  /** Rejects with {@link JobOverrunError} where the job took too long or too much, else with what it has thrown. */
  run<In, Out>(job: Job<In, Out>, input: In, options?: JobOptions): Promise<Out>;
}

/** What a job ran into: its deadline, the memory of its thread, the end of its thread or of the pool, or too many others before it. */
export type Overrun = 'time' | 'memory' | 'crash' | 'stopped' | 'queue';

/** A job was given up. But for `stopped` and `queue`, trying the same again ends the same. */
export class JobOverrunError extends Error {
  readonly overrun: Overrun;

  constructor(job: string, overrun: Overrun) {
    super(`the job "${job}" was given up: ${words[overrun]}`);
    this.overrun = overrun;
  }
}

const words: Readonly<Record<Overrun, string>> = {
  time: 'it did not end within its deadline',
  memory: 'it needed more memory than it may have',
  crash: 'its thread ended',
  stopped: 'the program stops',
  queue: 'too many others wait',
};

/** Does jobs at once in the caller's thread, without any bound: for tests and tools that read what they wrote themselves. */
export const jobsHere: Jobs = {
  run: async (job, input) => job.run(input),
};

/** What goes to a thread. */
export interface JobRequest {
  readonly name: string;
  readonly input: unknown;
}

/** What comes from a thread: that it listens, or the end of its job. */
export type JobAnswer = { readonly ready: true } | { readonly result: unknown } | { readonly error: unknown };
