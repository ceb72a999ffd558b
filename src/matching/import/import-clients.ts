import type { Worker } from 'node:worker_threads';
import type { Client } from '../../domain/directory/client.ts';
import { spawnThread } from '../../runtime/thread.ts';
import type { FromParser, ImportFormat, ImportStart, ToParser } from './messages.ts';
import { type ClientRow, ImportFormatError, type RefusedRow } from './outcome.ts';

/** Progress of an import. */
export interface ImportProgress {
  readonly bytes: number;
  /** Clients stored so far. */
  readonly accepted: number;
  readonly refused: number;
}

/** Result of an import. `refused` counts all refused rows; `rows` lists the first of them. */
export interface ImportReport extends ImportProgress {
  readonly rows: readonly RefusedRow[];
}

/** Input of an import. */
export interface ImportTask {
  readonly source: AsyncIterable<Uint8Array>;
  readonly format: ImportFormat;
  /** The region of numbers without a country code. */
  readonly country: string;
  /** Stores up to 1,000 clients and returns those that were refused. The import waits for it. */
  keep(clients: readonly Client[]): Promise<ReadonlySet<Client>>;
  onProgress?(progress: ImportProgress): void;
  readonly signal?: AbortSignal;
}

const chunk = 1000;
const piece = 256 * 1024;
const maxListedRows = 1000;
const notKept = 'the store could not save this client; see the server log for the cause';

/**
 * Reads clients from the bytes of a file in a separate thread and passes them to `keep` in chunks, parsing the next
 * piece while a chunk is being stored. Rejects with {@link ImportFormatError} if the file has another format, and
 * with the errors of `keep`. Clients stored by then stay; running the import again updates them.
 */
export async function importClients(task: ImportTask): Promise<ImportReport> {
  const workerData: ImportStart = { format: task.format, country: task.country };
  const worker = spawnThread(import.meta.url, './thread', { workerData });
  const rows: RefusedRow[] = [];
  let progress: ImportProgress = { bytes: 0, accepted: 0, refused: 0 };
  let waiting: ClientRow[] = [];

  const keepWaiting = async (all: boolean): Promise<void> => {
    while (waiting.length >= chunk || (all && waiting.length > 0)) {
      task.signal?.throwIfAborted();
      const next = waiting.slice(0, chunk);
      waiting = waiting.slice(chunk);
      const refused = await task.keep(next.map(({ client }) => client));
      const lost = next
        .filter(({ client }) => refused.has(client))
        .map(({ row }) => ({ row, column: null, why: notKept }));
      rows.push(...lost.slice(0, maxListedRows - rows.length));
      progress = {
        ...progress,
        accepted: progress.accepted + next.length - lost.length,
        refused: progress.refused + lost.length,
      };
      task.onProgress?.(progress);
    }
  };

  try {
    for await (const bytes of pieces(task.source)) {
      task.signal?.throwIfAborted();
      const [parsed] = await Promise.all([requestRows(worker, { type: 'bytes', bytes }), keepWaiting(false)]);
      take(parsed);
      progress = { ...progress, bytes: progress.bytes + bytes.length };
    }
    take(await requestRows(worker, { type: 'end' }));
    await keepWaiting(true);
    return { ...progress, rows };
  } finally {
    await worker.terminate();
  }

  function take(parsed: Extract<FromParser, { type: 'rows' }>): void {
    waiting.push(...parsed.clients);
    rows.push(...parsed.refused.slice(0, maxListedRows - rows.length));
    progress = { ...progress, refused: progress.refused + parsed.refusedCount };
  }
}

/** Splits the input into pieces of limited size to bound memory use on both sides. */
async function* pieces(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const bytes of source) {
    for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
  }
}

function requestRows(worker: Worker, message: ToParser): Promise<Extract<FromParser, { type: 'rows' }>> {
  return new Promise((resolve, reject) => {
    const settle = () => {
      worker.off('message', onMessage);
      worker.off('error', onError);
      worker.off('exit', onExit);
    };
    const onMessage = (answer: FromParser) => {
      settle();
      if (answer.type === 'rows') resolve(answer);
      else reject(new ImportFormatError(answer.message));
    };
    const onError = (error: unknown) => {
      settle();
      reject(error);
    };
    const onExit = () => onError(new Error('the import thread ended unexpectedly'));
    worker.on('message', onMessage);
    worker.on('error', onError);
    worker.on('exit', onExit);
    worker.postMessage(message);
  });
}
