import type { Database, Statement } from 'better-sqlite3';
import type { WriteResult } from '../../domain/ports/writes.ts';
import { refuseFailed } from '../shared/failed-write.ts';
import type { Writer } from './writer.ts';
import type { BatchRequest, SqliteWrite } from './writer-protocol.ts';

type Keep<Kept> = (request: BatchRequest, results: readonly WriteResult[]) => Kept;

/** Puts batches into transactions: all of them share a commit, and one bad write takes none of the others along. */
export class GroupCommit {
  readonly #db: Database;
  readonly #writer: Writer;
  readonly #begin: Statement;
  readonly #commit: Statement;
  /** The end of the last group: the connection has one transaction, and steps may be waiting in the middle of theirs. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(db: Database, writer: Writer) {
    this.#db = db;
    this.#writer = writer;
    this.#begin = db.prepare('BEGIN IMMEDIATE');
    this.#commit = db.prepare('COMMIT');
  }

  /**
   * Commits batches in one transaction, after those that it was given before; answers what `keep` makes of each one's results.
   * Rejects when the commit fails: then nothing was written. At first without savepoints, which cost more than most writes; only
   * when a write fails is all done again with one for each, for which the requests are gone through once more. `committing` is
   * called before the commit.
   */
  commit<Kept>(
    requests: Iterable<BatchRequest>,
    now: number,
    keep: Keep<Kept>,
    committing: () => void,
  ): Promise<readonly Kept[]> {
    const plainly = () => this.#carryAll(requests, keep, (write) => this.#plainly(write, now));
    const withSavepoints = () => this.#carryAll(requests, keep, (write) => this.#withSavepoint(write, now));
    const committed = this.#last.then(
      async () =>
        (await this.#transaction(plainly, committing)) ?? (await this.#transaction(withSavepoints, committing)) ?? [],
    );
    this.#last = committed.catch(() => undefined);
    return committed;
  }

  /** Commits what `work` did; undoes it all where it answers null or rejects. */
  async #transaction<T>(work: () => Promise<T | null>, committing: () => void): Promise<T | null> {
    this.#begin.run();
    try {
      const done = await work();
      if (done === null) this.#undo();
      else {
        committing();
        this.#commit.run();
      }
      return done;
    } catch (error) {
      this.#undo();
      throw error;
    }
  }

  /** Null as soon as `carry` gives one up. */
  async #carryAll<Kept>(
    requests: Iterable<BatchRequest>,
    keep: Keep<Kept>,
    carry: (write: SqliteWrite) => Promise<WriteResult | null>,
  ): Promise<readonly Kept[] | null> {
    const kept: Kept[] = [];
    for (const request of requests) {
      const results: WriteResult[] = [];
      for (const write of request.batch) {
        const result = await carry(write);
        if (result === null) return null;
        results.push(result);
      }
      kept.push(keep(request, results));
    }
    return kept;
  }

  #undo(): void {
    if (this.#db.inTransaction) this.#db.exec('ROLLBACK');
    this.#writer.reload();
  }

  /** Without a savepoint: null for a write that is refused or fails. */
  async #plainly(write: SqliteWrite, now: number): Promise<WriteResult | null> {
    try {
      const outcome = await this.#writer.carryOut(write, now);
      return 'ok' in outcome ? null : { ok: true, changes: outcome, followUps: this.#writer.followUps() };
    } catch (error) {
      if (!this.#db.inTransaction || isStorageTrouble(error)) throw error;
      return null;
    }
  }

  async #withSavepoint(write: SqliteWrite, now: number): Promise<WriteResult> {
    this.#db.exec('SAVEPOINT one');
    try {
      const outcome = await this.#writer.carryOut(write, now);
      if ('ok' in outcome) {
        this.#db.exec('ROLLBACK TO one');
        this.#writer.followUps();
      }
      this.#db.exec('RELEASE one');
      return 'ok' in outcome ? outcome : { ok: true, changes: outcome, followUps: this.#writer.followUps() };
    } catch (error) {
      // A full disk or a lost file concerns the whole batch; a bad row only itself.
      if (!this.#db.inTransaction || isStorageTrouble(error)) throw error;
      this.#db.exec('ROLLBACK TO one');
      this.#db.exec('RELEASE one');
      this.#writer.followUps();
      return refuseFailed(error);
    }
  }
}

function isStorageTrouble(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /^SQLITE_(FULL|IOERR|CORRUPT|READONLY|CANTOPEN|BUSY|NOTADB)/.test(code);
}
