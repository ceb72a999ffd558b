import { parentPort, workerData } from 'node:worker_threads';
import type { CarryOut } from '../../domain/ports/tables.ts';
import type { WriteSettings } from '../../domain/ports/write-settings.ts';
import type { WriteResult } from '../../domain/ports/writes.ts';
import { openForWriting } from './connect.ts';
import { GroupCommit } from './group-commit.ts';
import { migrate } from './migrate.ts';
import { errorText } from './trouble.ts';
import { Writer } from './writer.ts';
import {
  type AnswerLine,
  type BatchRequest,
  type DatabaseFile,
  decodeRequest,
  encodeAnswer,
  type FromWriter,
  joinLines,
  type RequestLine,
  splitLines,
  type ToWriter,
  type WriterThreadData,
} from './writer-protocol.ts';

/** Maximum number of batches per commit; more wait for the next one. */
const groupLimit = 500;

/** Serves the program that started this thread, with the steps that its settings produce. */
export function serveWriter(stepsUnder: (settings: WriteSettings) => CarryOut): void {
  const port = parentPort;
  if (port === null) throw new Error('the writer is a thread; start it with openStore');
  const { settings, begun, ...file } = workerData as WriterThreadData;
  const { db, commits } = open(file, settings, stepsUnder(settings));
  const waiting: RequestLine[] = [];
  const answer = (message: FromWriter) => port.postMessage(message);
  let drained: Promise<void> = Promise.resolve();

  /** Queue runs one after the other: a new one may be requested while the steps of a write wait. */
  function drain(): void {
    drained = drained.then(carryOutWaiting);
  }

  async function carryOutWaiting(): Promise<void> {
    while (waiting.length > 0)
      for (const text of joinLines(await carryOut(waiting.splice(0, groupLimit)))) answer(text);
  }

  async function carryOut(lines: readonly RequestLine[]): Promise<readonly AnswerLine[]> {
    try {
      let last = 0;
      const keep = ({ id }: BatchRequest, results: readonly WriteResult[]) => {
        last = id;
        return encodeAnswer({ id, results });
      };
      return await commits.commit(requestsOf(lines), Date.now(), keep, () => {
        begun[0] = last;
      });
    } catch (cause) {
      const error = errorText(cause);
      const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
      return lines.map((line) => encodeAnswer({ id: decodeRequest(line).id, error, code }));
    }
  }

  async function close(): Promise<void> {
    drain();
    await drained;
    db.close();
    answer('closed');
    port?.close();
  }

  port.on('message', (request: ToWriter) => {
    if (request === 'close') {
      void close();
      return;
    }
    // Let batches that arrive before the next turn of the event loop join the same commit.
    const idle = waiting.length === 0;
    waiting.push(...splitLines(request));
    if (idle) setImmediate(drain);
  });
  answer('open');
}

/** SQLite's errors do not survive the way between threads, so describe them as text. */
function open({ path, migrations }: DatabaseFile, settings: WriteSettings, steps: CarryOut) {
  try {
    const db = openForWriting(path);
    migrate(db, { list: migrations });
    return { db, commits: new GroupCommit(db, new Writer(db, settings, steps)) };
  } catch (error) {
    const { code } = error as { readonly code?: unknown };
    throw Object.assign(new Error(`the database ${path} can't be opened: ${errorText(error)}`), { code });
  }
}

/** Decodes the batches one by one, again in each iteration. */
function requestsOf(lines: readonly RequestLine[]): Iterable<BatchRequest> {
  return {
    *[Symbol.iterator]() {
      for (const line of lines) yield decodeRequest(line);
    },
  };
}
