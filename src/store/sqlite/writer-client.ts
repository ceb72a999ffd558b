import type { Worker } from 'node:worker_threads';
import type { Write, WriteResult } from '../../domain/writes.ts';
import { spawnThread } from '../../runtime/thread.ts';
import { StoreUnavailableError } from '../shared/errors.ts';
import {
  type BatchAnswer,
  type BatchRequest,
  decodeAnswers,
  encodeRequests,
  type FromWriter,
  type ToWriter,
} from './writer-protocol.ts';
import type { WriterThreadData } from './writer-thread.ts';

interface Waiting {
  readonly resolve: (results: readonly WriteResult[]) => void;
  readonly reject: (error: Error) => void;
}

/** This side of the writer thread: sends batches, hands out what became of them. */
export class WriterClient {
  readonly #thread: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #opened: Promise<void>;
  readonly #ended: Promise<void>;
  #queued: BatchRequest[] = [];
  #serial = 0;
  #failure: Error | null = null;

  constructor(data: WriterThreadData) {
    this.#thread = spawnThread(import.meta.url, './writer-thread', { workerData: data });
    this.#opened = new Promise((resolve, reject) => {
      this.#thread.on('message', (answer: FromWriter) => {
        if (answer === 'open') return resolve();
        if (answer !== 'closed') for (const one of decodeAnswers(answer)) this.#settle(one);
      });
      this.#thread.once('error', (error) => {
        this.#fail(error);
        reject(error);
      });
    });
    this.#ended = new Promise((resolve) => {
      this.#thread.once('exit', () => {
        this.#fail(new Error('the writer has stopped'));
        resolve();
      });
    });
  }

  /** Resolves when the database is open and migrated; rejects with why not. */
  opened(): Promise<void> {
    return this.#opened;
  }

  apply(batch: readonly Write[]): Promise<readonly WriteResult[]> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    if (batch.length === 0) return Promise.resolve([]);
    this.#serial += 1;
    const id = this.#serial;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      if (this.#queued.push({ id, batch }) === 1) queueMicrotask(() => this.#send());
    });
  }

  async close(): Promise<void> {
    this.#send();
    if (this.#failure === null) this.#thread.postMessage('close' satisfies ToWriter);
    await this.#ended;
  }

  /** Everything asked for in one turn of the loop goes over as one text. */
  #send(): void {
    if (this.#queued.length === 0 || this.#failure !== null) return;
    this.#thread.postMessage(encodeRequests(this.#queued) satisfies ToWriter);
    this.#queued = [];
  }

  #settle(answer: BatchAnswer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (waiting === undefined) return;
    if ('results' in answer) waiting.resolve(answer.results);
    else
      waiting.reject(
        new StoreUnavailableError(`the store could not commit: ${answer.error}; nothing of this was kept, try again`),
      );
  }

  #fail(cause: Error): void {
    this.#failure ??= new StoreUnavailableError(`the store is closed: ${cause.message}`);
    for (const { reject } of this.#waiting.values()) reject(this.#failure);
    this.#waiting.clear();
  }
}
