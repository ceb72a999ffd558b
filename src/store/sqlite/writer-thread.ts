import { parentPort, workerData } from 'node:worker_threads';
import type { CallSettings } from '../shared/calls.ts';
import { openForWriting } from './connect.ts';
import { migrate } from './migrations.ts';
import { Writer } from './writer.ts';
import {
  type BatchAnswer,
  type BatchRequest,
  decodeRequests,
  encodeAnswers,
  type FromWriter,
  type ToWriter,
} from './writer-protocol.ts';

/** What the thread is started with. */
export interface WriterThreadData {
  readonly path: string;
  readonly settings: CallSettings;
}

/** Batches that share a commit at the most; more wait for the next. */
const groupLimit = 500;

const port = parentPort;
if (port === null) throw new Error('the writer is a thread; start it with openStore');
const { path, settings } = workerData as WriterThreadData;
const db = openForWriting(path);
migrate(db);
const writer = new Writer(db, settings);
let waiting: BatchRequest[] = [];
const answer = (message: FromWriter) => port.postMessage(message);

function answerAll(answers: readonly BatchAnswer[]): void {
  answer(encodeAnswers(answers));
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

port.on('message', (request: ToWriter) => {
  if (request === 'close') {
    drain();
    db.close();
    answer('closed');
    port.close();
    return;
  }
  // Whatever has arrived by the next turn of the loop goes into the same commit.
  const idle = waiting.length === 0;
  waiting = waiting.concat(decodeRequests(request));
  if (idle) setImmediate(drain);
});
answer('open');
