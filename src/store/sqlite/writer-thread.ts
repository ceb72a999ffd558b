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

/** To the thread: a batch, or `close`. */
export type WriterRequest = { readonly id: number; readonly batch: readonly Write[] } | 'close';

/** From the thread: how a batch ended, that it is open, or that it has closed. */
export type WriterAnswer =
  | { readonly id: number; readonly results: readonly WriteResult[] }
  | { readonly id: number; readonly error: string }
  | 'open'
  | 'closed';

/** Batches that share a commit at the most; more wait for the next. */
const groupLimit = 500;

const port = parentPort;
if (port === null) throw new Error('the writer is a thread; start it with openStore');
const { path, settings } = workerData as WriterThreadData;
const db = openForWriting(path);
migrate(db);
const writer = new Writer(db, settings);
const waiting: { id: number; batch: readonly Write[] }[] = [];
const answer = (message: WriterAnswer) => port.postMessage(message);

function drain(): void {
  while (waiting.length > 0) {
    const group = waiting.splice(0, groupLimit);
    try {
      const results = writer.applyAll(
        group.map(({ batch }) => batch),
        Date.now(),
      );
      group.forEach(({ id }, i) => {
        answer({ id, results: results[i] ?? [] });
      });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      for (const { id } of group) answer({ id, error: message });
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
  if (waiting.push(request) === 1) setImmediate(drain);
});
answer('open');
