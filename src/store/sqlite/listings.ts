import type { Database } from 'better-sqlite3';
import { StoreUnavailableError } from '../../domain/ports/store.ts';
import { type Job, JobOverrunError } from '../../runtime/jobs/job.ts';
import { JobPool } from '../../runtime/jobs/pool.ts';
import type { Logger } from '../../runtime/log.ts';
import { spawnThread } from '../../runtime/thread.ts';
import type { SqlQuery } from '../shared/sql-query.ts';
import { findByWords } from './client-words.ts';
import { storageTrouble } from './trouble.ts';

/** Runs queries that may read many rows. Rejects with SQLite's error code if the file cannot be read. */
export interface Listings {
  rows(select: SqlQuery): Promise<readonly object[]>;
  /** The `rid`s of clients whose names contain every word of a search text. */
  clientsByWords(text: string): Promise<readonly number[]>;
}

/** Runs queries in the caller's thread, on the given connection. */
export function inlineListings(db: Database): Listings {
  return {
    rows: async ({ sql, values }) => db.prepare(sql).all(...values) as object[],
    clientsByWords: async (text) => findByWords(db, text),
  };
}

/**
 * A result, or SQLite's error code if the file cannot be read. An Error loses its code when it passes between
 * threads.
 */
type Answer<T> = { readonly found: T } | { readonly trouble: string };

/** The queries as jobs of a thread. */
export function listingJobs(db: Database) {
  const here = inlineListings(db);
  return {
    rows: job('rows', (select: SqlQuery) => here.rows(select)),
    words: job('clients by words', (text: string) => here.clientsByWords(text)),
  };
}

function job<In, Out>(name: string, query: (input: In) => Promise<Out>): Job<In, Answer<Out>> {
  return {
    name,
    run: async (input) => {
      try {
        return { found: await query(input) };
      } catch (error) {
        if (storageTrouble(error) === null) throw error;
        return { trouble: String((error as { readonly code?: unknown }).code) };
      }
    },
  };
}

/** Time limit of a query in milliseconds, and how many queries may wait. */
const deadline = 30_000;
const maxQueue = 1000;

/** Runs queries in a separate thread, so that the main thread can serve callers and visitors meanwhile. */
export class ListingsThread implements Listings {
  readonly #pool: JobPool;
  readonly #jobs: ReturnType<typeof listingJobs>;

  /** `db` is any connection to the same file. */
  constructor(path: string, db: Database, log: Logger) {
    this.#jobs = listingJobs(db);
    this.#pool = new JobPool({
      spawn: () => spawnThread(import.meta.url, './listings-thread', { workerData: { path } }),
      threads: 1,
      deadline,
      maxQueue,
      log,
    });
  }

  rows(select: SqlQuery): Promise<readonly object[]> {
    return this.#runJob(this.#jobs.rows, select);
  }

  clientsByWords(text: string): Promise<readonly number[]> {
    return this.#runJob(this.#jobs.words, text);
  }

  stop(): Promise<void> {
    return this.#pool.stop();
  }

  async #runJob<In, Out>(job: Job<In, Answer<Out>>, input: In): Promise<Out> {
    try {
      const answer = await this.#pool.run(job, input);
      if ('found' in answer) return answer.found;
      throw Object.assign(new Error('the listings thread could not read the database'), { code: answer.trouble });
    } catch (error) {
      if (!(error instanceof JobOverrunError)) throw error;
      throw new StoreUnavailableError(`a listing could not be read: ${error.message}`, { cause: error });
    }
  }
}
