import { parentPort, workerData } from 'node:worker_threads';
import type { Write, WriteResult } from '../../domain/writes.ts';
import type { CallSettings } from '../shared/calls.ts';
import { openForWriting } from './connect.ts';
import { migrate } from './migrations.ts';
import { Writer } from './writer.ts';

/** What the thread is started with. */
export interface WriterThreadData {
  readonly path: string;
  readonly settings: CallSettings;
}

/** Writes that are to be committed together. */
export interface BatchRequest {
  readonly id: number;
  readonly batch: readonly Write[];
}

/** How a batch ended. */
export type BatchAnswer =
  | { readonly id: number; readonly results: readonly WriteResult[] }
  | { readonly id: number; readonly error: string };

/** To the thread: several `BatchRequest` as JSON, or `close`. */
export type WriterRequest = string;

/** From the thread: several `BatchAnswer` as JSON, or `open` and `closed`. */
export type WriterAnswer = string;

/** Batches that share a commit at the most; more wait for the next. */
const groupLimit = 500;

const port = parentPort;
if (port === null) throw new Error('the writer is a thread; start it with openStore');
const { path, settings } = workerData as WriterThreadData;
const db = open();
const writer = new Writer(db, settings);
let waiting: BatchRequest[] = [];
const answer = (message: WriterAnswer) => port.postMessage(message);

/** SQLite's own errors don't survive the way to the other thread. */
function open() {
  try {
    const opened = openForWriting(path);
    migrate(opened);
    return opened;
  } catch (error) {
    throw new Error(`the database ${path} can't be opened: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function answerAll(answers: readonly BatchAnswer[]): void {
  answer(JSON.stringify(answers));
}

function drain(): void {
  while (waiting.length > 0) {
    const group = waiting.splice(0, groupLimit);
    try {
      const results = writer.applyAll(
        group.map(({ batch }) => batch),
        Date.now(),
      );
      answerAll(group.map(({ id }, i) => ({ id, results: results[i] ?? [] })));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      answerAll(group.map(({ id }) => ({ id, error: message })));
    }
  }
}

port.on('message', (request: WriterRequest) => {
  if (request === 'close') {
    drain();
    db.close();
    answer('closed');
    port.close();
    return;
  }
  // Whatever has arrived by the next turn of the loop goes into the same commit.
  const idle = waiting.length === 0;
  waiting = waiting.concat(JSON.parse(request) as BatchRequest[]);
  if (idle) setImmediate(drain);
});
answer('open');
