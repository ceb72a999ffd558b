import { StaffIndex } from '../../domain/directory/staff-index.ts';
import { StoreUnavailableError } from '../../domain/ports/store.ts';
import type { Write, WriteResult } from '../../domain/ports/writes.ts';
import { backoffDelay } from '../../runtime/backoff.ts';
import { sleep } from '../../runtime/sleep.ts';
import { type CleanBatch, cleanBatch } from '../shared/clean-batch.ts';
import { isServerTrouble } from './connect.ts';
import { writeLock } from './migrate.ts';
import { noticeText } from './notice.ts';
import { type Session, type SessionSettings, Sessions } from './session.ts';

type Batch = CleanBatch<Write>;
type Results = readonly (readonly WriteResult[])[];

interface Waiting {
  readonly batch: Batch;
  readonly resolve: (results: readonly WriteResult[]) => void;
  readonly reject: (error: Error) => void;
}

/** A transaction that was carried out. `certain` is true if the server confirmed the commit. */
interface Carried {
  readonly results: Results;
  readonly serial: number;
  readonly certain: boolean;
}

/** Maximum number of batches per commit; more wait for the next one. */
const groupLimit = 500;
/** How long to keep asking whether a commit took place when its answer was lost, in milliseconds. */
const doubtLimit = 30_000;

/**
 * Groups batches into transactions on one connection. Each transaction holds a lock to its end. So sequence numbers
 * become visible in order, and two instances never write the same interaction at once. Group commit keeps the lock
 * time short.
 */
export class Committer {
  readonly #instance: string;
  readonly #country: string;
  readonly #sessions: Sessions;
  readonly #waiting: Waiting[] = [];
  readonly #closing = new AbortController();
  /** Number of the latest transaction of this instance; each transaction stores its number in the database. */
  #serial = 0;
  #running: Promise<void> | null = null;
  #opened = false;

  constructor(settings: SessionSettings) {
    this.#instance = settings.instance;
    this.#country = settings.country;
    this.#sessions = new Sessions(settings);
  }

  apply(batch: readonly Write[]): Promise<readonly WriteResult[]> {
    if (this.#closing.signal.aborted) return Promise.reject(new StoreUnavailableError('the store is closed'));
    if (batch.length === 0) return Promise.resolve([]);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ batch: cleanBatch(batch), resolve, reject });
      this.#running ??= this.#drain();
    });
  }

  /**
   * Connects to the database and migrates its schema. Does nothing after it has succeeded once. Rejects if that is
   * impossible.
   */
  async open(): Promise<void> {
    if (this.#opened) return;
    await this.#sessions.open();
    this.#opened = true;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#running;
    await this.#sessions.close();
  }

  async #drain(): Promise<void> {
    // Let batches that arrive before the next turn of the event loop join the same commit.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0, groupLimit);
      try {
        const results = await this.#commit(group.map(({ batch }) => batch));
        group.forEach(({ resolve }, i) => {
          resolve(results[i] ?? []);
        });
      } catch (error) {
        const cause = error instanceof Error ? error.message : String(error);
        const failure = new StoreUnavailableError(`the store could not commit: ${cause}; try again`);
        for (const { reject } of group) reject(failure);
      }
    }
    this.#running = null;
  }

  async #commit(batches: readonly Batch[]): Promise<Results> {
    for (;;) {
      const carried = (await this.#transaction(batches, false)) ?? (await this.#transaction(batches, true));
      if (carried === null) return [];
      if (carried.certain || (await this.#tookPlace(carried.serial))) return carried.results;
      // The transaction certainly did not commit, so it can be repeated.
    }
  }

  /** Returns null if a write was refused without its own savepoint, which rolled everything back. */
  async #transaction(batches: readonly Batch[], alone: boolean): Promise<Carried | null> {
    const session = await this.#sessions.open();
    const serial = this.#serial + 1;
    this.#serial = serial;
    let results: Results | null = null;
    try {
      results = await this.#carryOut(session, batches, alone, serial);
      if (results === null) return null;
      await session.client.query('COMMIT');
      return { results, serial, certain: true };
    } catch (error) {
      this.#sessions.drop();
      if (results === null || !isServerTrouble(error)) throw error;
      return { results, serial, certain: false };
    }
  }

  /** Does everything except the commit. Returns null if it was rolled back. */
  async #carryOut(
    session: Session,
    batches: readonly Batch[],
    alone: boolean,
    serial: number,
  ): Promise<Results | null> {
    const { client, writer } = session;
    const now = Date.now();
    let staff = await this.#sessions.begin(session);
    await writer.prepare(now);
    await writer.prefetch(batches.flat());
    const results: WriteResult[][] = [];
    for (const batch of batches) {
      const own: WriteResult[] = [];
      for (const write of batch) {
        const result = await writer.write(write, now, staff, alone);
        if (result === null) {
          await client.query('ROLLBACK');
          writer.forget();
          return null;
        }
        if (write.op === 'staff' && result.ok) staff = new StaffIndex(write.staff, this.#country);
        own.push(result);
      }
      results.push(own);
    }
    await writer.finish();
    const hasCommands = batches.some((batch) => batch.some(({ op }) => op === 'command'));
    await client.query({
      name: 'mark',
      text: `WITH marked AS (INSERT INTO instances (id, serial, at) VALUES ($1, $2, $3)
          ON CONFLICT (id) DO UPDATE SET serial = excluded.serial, at = excluded.at)
        SELECT pg_notify('patchbay', $4)`,
      values: [this.#instance, serial, now, noticeText({ instance: this.#instance, hasCommands })],
    });
    return results;
  }

  /**
   * Whether the transaction with this number was committed, according to the number it stores in the database. It is
   * read under the lock, so the transaction is over by then. The server's transaction ids are no proof: after a
   * crash, another transaction may get the same id.
   */
  async #tookPlace(serial: number): Promise<boolean> {
    const since = Date.now();
    for (let attempt = 0; ; attempt += 1) {
      try {
        const { client } = await this.#sessions.open();
        const answers = (await client.query(
          `BEGIN; SELECT pg_advisory_xact_lock(${writeLock}); SELECT serial FROM instances WHERE id = '${this.#instance}'; COMMIT`,
        )) as unknown as readonly { readonly rows: readonly { readonly serial: number }[] }[];
        return (answers[2]?.rows[0]?.serial ?? 0) >= serial;
      } catch (error) {
        this.#sessions.drop();
        if (this.#closing.signal.aborted || Date.now() - since > doubtLimit || !isServerTrouble(error)) {
          throw new Error('it is unknown whether the transaction was committed', { cause: error });
        }
        await sleep(backoffDelay(attempt, { min: 50, max: 1000 }), this.#closing.signal);
      }
    }
  }
}
