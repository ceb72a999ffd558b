import type { Worker, WorkerOptions } from 'node:worker_threads';
import { StoreUnavailableError, UncertainWriteError } from '../../domain/ports/store.ts';
import type { WriteSettings } from '../../domain/ports/write-settings.ts';
import type { WriteResult } from '../../domain/ports/writes.ts';
import { type BackoffLimits, backoffDelay } from '../../runtime/backoff.ts';
import type { Logger } from '../../runtime/log.ts';
import { sleep } from '../../runtime/sleep.ts';
import { cleanBatch } from '../shared/clean-batch.ts';
import { mayRepeat } from '../shared/repeatable.ts';
import { knownMigrations } from './migrate.ts';
import { storageTrouble } from './trouble.ts';
import {
  type BatchAnswer,
  type BatchRequest,
  decodeAnswer,
  encodeRequest,
  type FromWriter,
  joinLines,
  type SqliteWrite,
  splitLines,
  type ToWriter,
  type WriterThreadData,
} from './writer-protocol.ts';

/** Settings and callbacks of the writer. */
export interface WriterOptions {
  readonly path: string;
  readonly settings: WriteSettings;
  readonly log?: Logger;
  /** Called with the database's error code when a commit fails. */
  readonly onTrouble?: (code: string) => void;
  readonly backoff?: BackoffLimits;
  /** Starts the thread, which calls `serveWriter`; tests use one that crashes. */
  readonly spawn: (options: WorkerOptions) => Worker;
}

interface Waiting {
  readonly request: BatchRequest;
  readonly resolve: (results: readonly WriteResult[]) => void;
  readonly reject: (error: Error) => void;
  /** How many threads crashed before answering it. */
  crashes: number;
}

/** A batch is not given to another thread after this many crashes, because it may have caused them. */
const maxCrashes = 3;
/** If a thread lived this many milliseconds, its crash does not count towards the back-off of earlier ones. */
const steady = 60_000;

/**
 * The main thread's side of the writer. It sends batches, passes on their results, and restarts the thread after a
 * crash. The next thread carries out unanswered batches, except those that may have been committed and must not be
 * repeated: they are rejected with {@link UncertainWriteError}.
 */
export class WriterClient {
  readonly #options: WriterOptions;
  /** By id, in request order. */
  readonly #waiting = new Map<number, Waiting>();
  readonly #stopping = new AbortController();
  /** The id up to which a commit was begun, in shared memory that outlives the thread. */
  readonly #begun = new Float64Array(new SharedArrayBuffer(8));
  #thread: Worker | null = null;
  #relaunching: Promise<void> = Promise.resolve();
  #queued: BatchRequest[] = [];
  #serial = 0;
  #attempt = 0;
  /** Why new batches are refused, or null. */
  #refusing: Error | null = null;

  constructor(options: WriterOptions) {
    this.#options = options;
  }

  /** Resolves when the database is open and migrated. Rejects if that fails. */
  async open(): Promise<void> {
    this.#thread = await this.#launch();
  }

  apply(batch: readonly SqliteWrite[]): Promise<readonly WriteResult[]> {
    if (this.#refusing !== null) return Promise.reject(this.#refusing);
    if (batch.length === 0) return Promise.resolve([]);
    this.#serial += 1;
    const request = { id: this.#serial, batch: cleanBatch(batch) };
    return new Promise((resolve, reject) => {
      this.#waiting.set(request.id, { request, resolve, reject, crashes: 0 });
      if (this.#queued.push(request) === 1) queueMicrotask(() => this.#send());
    });
  }

  /** Waits for pending batches, then ends the thread. */
  async close(): Promise<void> {
    this.#send();
    this.#refusing = new StoreUnavailableError('the store is closed');
    this.#stopping.abort();
    await this.#relaunching;
    const thread = this.#thread;
    if (thread !== null) {
      const ended = new Promise((resolve) => thread.once('exit', resolve));
      thread.postMessage('close' satisfies ToWriter);
      await ended;
    }
    this.#rejectAll(this.#refusing);
  }

  /** Sends all batches of one event-loop turn together. Without a thread, they wait for the next one. */
  #send(): void {
    if (this.#queued.length === 0 || this.#thread === null) return;
    for (const text of joinLines(this.#queued.map(encodeRequest))) this.#thread.postMessage(text satisfies ToWriter);
    this.#queued = [];
  }

  #settle(answer: BatchAnswer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (waiting === undefined) return;
    if ('results' in answer) {
      waiting.resolve(answer.results);
    } else {
      this.#options.onTrouble?.(answer.code);
      waiting.reject(
        new StoreUnavailableError(`the store could not commit: ${answer.error}; nothing was written, try again`, {
          publicReason: storageTrouble(answer)?.words ?? null,
        }),
      );
    }
  }

  /** Starts a thread. Resolves when its database is open. */
  #launch(): Promise<Worker> {
    const { path, settings, spawn } = this.#options;
    const workerData: WriterThreadData = { path, migrations: knownMigrations(), settings, begun: this.#begun };
    const thread = spawn({ workerData });
    const launchedAt = performance.now();
    let cause: Error | null = null;
    return new Promise((resolve, reject) => {
      thread.on('message', (message: FromWriter) => {
        if (message === 'open') resolve(thread);
        else if (message !== 'closed') for (const line of splitLines(message)) this.#settle(decodeAnswer(line));
      });
      thread.on('error', (error) => {
        cause = error;
      });
      // All messages of the thread have been received before this event.
      thread.once('exit', (code) => {
        const error = cause ?? new Error(`the writer thread ended with ${code}`);
        reject(error);
        if (this.#thread === thread) this.#crashed(error, performance.now() - launchedAt);
      });
    });
  }

  #crashed(cause: Error, lived: number): void {
    this.#thread = null;
    if (this.#stopping.signal.aborted) return;
    this.#options.log?.error({ err: cause, waiting: this.#waiting.size }, 'the writer thread of the store crashed');
    if (lived > steady) this.#attempt = 0;
    for (const [id, waiting] of this.#waiting) {
      waiting.crashes += 1;
      const error = notRepeated(waiting, id <= (this.#begun[0] ?? 0));
      if (error === null) continue;
      this.#waiting.delete(id);
      waiting.reject(error);
    }
    this.#relaunching = this.#relaunch();
  }

  async #relaunch(): Promise<void> {
    const { log, backoff } = this.#options;
    while (!this.#stopping.signal.aborted) {
      await sleep(backoffDelay(this.#attempt++, backoff ?? { min: 50, max: 5000 }), this.#stopping.signal);
      if (this.#stopping.signal.aborted) return;
      try {
        this.#thread = await this.#launch();
      } catch (error) {
        log?.error({ err: error }, 'could not restart the writer thread of the store');
        this.#refuse(error);
        continue;
      }
      if (this.#stopping.signal.aborted) return;
      log?.warn({ waiting: this.#waiting.size }, 'restarted the writer thread of the store');
      this.#refusing = null;
      this.#queued = [...this.#waiting.values()].map(({ request }) => request);
      this.#send();
      return;
    }
  }

  /** Rejects waiting batches at once while the database cannot be opened. */
  #refuse(cause: unknown): void {
    if (this.#stopping.signal.aborted) return;
    const reason = cause instanceof Error ? cause.message : String(cause);
    this.#refusing = new StoreUnavailableError(`the store can't be opened: ${reason}; try again`, {
      publicReason: storageTrouble(cause)?.words ?? null,
    });
    this.#rejectAll(this.#refusing);
  }

  #rejectAll(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
    this.#queued = [];
  }
}

/** Why a batch is not repeated after a crash, or null if it is. */
function notRepeated({ request, crashes }: Waiting, begun: boolean): Error | null {
  if (begun && !mayRepeat(request.batch)) {
    return new UncertainWriteError(
      'the writer crashed during a commit, so this may or may not have been written; check before you repeat it',
    );
  }
  if (crashes < maxCrashes) return null;
  return new StoreUnavailableError(`the writer has crashed ${crashes} times with this batch; it is not tried again`);
}
