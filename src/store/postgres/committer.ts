import type pg from 'pg';
import { StaffIndex } from '../../domain/staff-index.ts';
import type { Write, WriteResult } from '../../domain/writes.ts';
import { StoreUnavailableError } from '../shared/errors.ts';
import { connect } from './connect.ts';
import { writeLock } from './migrations.ts';
import { Writer, type WriterSettings } from './writer.ts';

type Batch = readonly Write[];
type Results = readonly (readonly WriteResult[])[];

interface Waiting {
  readonly batch: Batch;
  readonly resolve: (results: readonly WriteResult[]) => void;
  readonly reject: (error: Error) => void;
}

/** Batches that share a commit at the most; more wait for the next. */
const groupLimit = 500;

/**
 * Groups batches into transactions on one connection. A lock held to the end of each transaction makes sequence
 * numbers visible in their order and two instances never write the same interaction at once; group commit keeps it short.
 */
export class Committer {
  readonly #url: string;
  readonly #settings: WriterSettings;
  readonly #waiting: Waiting[] = [];
  #session: { readonly client: pg.Client; readonly writer: Writer; lost: boolean } | null = null;
  #staff: StaffIndex;
  #running: Promise<void> | null = null;
  #closed = false;

  constructor(url: string, settings: WriterSettings, staff: StaffIndex) {
    this.#url = url;
    this.#settings = settings;
    this.#staff = staff;
  }

  apply(batch: Batch): Promise<readonly WriteResult[]> {
    if (this.#closed) return Promise.reject(new StoreUnavailableError('the store is closed'));
    if (batch.length === 0) return Promise.resolve([]);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ batch, resolve, reject });
      this.#running ??= this.#drain();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
    await this.#session?.client.end();
  }

  async #drain(): Promise<void> {
    // Whatever has arrived by the next turn of the loop goes into the same commit.
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
    return (await this.#transaction(batches, false)) ?? (await this.#transaction(batches, true)) ?? [];
  }

  /** Null when a write was refused without a savepoint of its own: then all was undone. */
  async #transaction(batches: readonly Batch[], alone: boolean): Promise<Results | null> {
    const { client, writer } = await this.#open();
    const now = Date.now();
    let staff = this.#staff;
    let xid = '';
    try {
      await client.query('BEGIN');
      const { rows } = await client.query<{ xid: string }>(
        'SELECT pg_advisory_xact_lock($1), pg_current_xact_id()::text AS xid',
        [writeLock],
      );
      await writer.prepare(now);
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
          if (write.op === 'staff' && result.ok) staff = new StaffIndex(write.staff, this.#settings.country);
          own.push(result);
        }
        results.push(own);
      }
      await client.query("SELECT pg_notify('patchbay', '')");
      xid = rows[0]?.xid ?? '';
      await client.query('COMMIT');
      this.#staff = staff;
      return results;
    } catch (error) {
      this.#session = null;
      void client.end().catch(() => undefined);
      throw xid === '' ? error : new Error(`it is unknown whether transaction ${xid} was committed`, { cause: error });
    }
  }

  async #open() {
    if (this.#session !== null && !this.#session.lost) return this.#session;
    let lost = false;
    const client = await connect(this.#url, () => {
      lost = true;
      if (this.#session?.client === client) this.#session.lost = true;
    });
    this.#session = { client, writer: new Writer(client, this.#settings), lost };
    return this.#session;
  }
}
