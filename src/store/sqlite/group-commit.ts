import type { Database, Statement } from 'better-sqlite3';
import type { WriteResult } from '../../domain/ports/writes.ts';
import { refuseFailed } from '../shared/failed-write.ts';
import type { Writer } from './writer.ts';
import type { BatchRequest, SqliteWrite } from './writer-protocol.ts';

type Keep<Kept> = (request: BatchRequest, results: readonly WriteResult[]) => Kept;

/** Groups batches into one transaction, so that they share a commit while a failed write affects no other. */
export class GroupCommit {
  readonly #db: Database;
  readonly #writer: Writer;
  readonly #begin: Statement;
  readonly #commit: Statement;
  /**
   * Resolves at the end of the last group. The connection has only one transaction, and a group may be waiting in the
   * middle of its own.
   */
  #last: Promise<unknown> = Promise.resolve();

  constructor(db: Database, writer: Writer) {
    this.#db = db;
    this.#writer = writer;
    this.#begin = db.prepare('BEGIN IMMEDIATE');
    this.#commit = db.prepare('COMMIT');
  }

  /**
   * Commits batches in one transaction, after all earlier groups. Returns what `keep` makes of each batch's results;
   * rejects if the commit fails, and then nothing was written. Savepoints cost more than most writes, so the first
   * attempt uses none. Only if a write fails is everything repeated with one savepoint per write, which iterates over
   * the requests again. `committing` is called before the commit.
   */
  commit<Kept>(
    requests: Iterable<BatchRequest>,
    now: number,
    keep: Keep<Kept>,
    committing: () => void,
  ): Promise<readonly Kept[]> {
    const withoutSavepoints = () => this.#carryAll(requests, keep, (write) => this.#withoutSavepoint(write, now));
    const withSavepoints = () => this.#carryAll(requests, keep, (write) => this.#withSavepoint(write, now));
    const committed = this.#last.then(
      async () =>
        (await this.#transaction(withoutSavepoints, committing)) ??
        (await this.#transaction(withSavepoints, committing)) ??
        [],
    );
    this.#last = committed.catch(() => undefined);
    return committed;
  }

  /** Commits what `work` did. Rolls back if it returns null or rejects. */
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

  /** Returns null as soon as `carry` does. */
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

  /** Runs a write without a savepoint. Null if the write is refused or fails. */
  async #withoutSavepoint(write: SqliteWrite, now: number): Promise<WriteResult | null> {
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
      // A full disk or a missing file affects the whole batch, a bad row only itself.
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
