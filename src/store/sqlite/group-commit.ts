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

  constructor(db: Database, writer: Writer) {
    this.#db = db;
    this.#writer = writer;
    this.#begin = db.prepare('BEGIN IMMEDIATE');
    this.#commit = db.prepare('COMMIT');
  }

  /**
   * Applies batches in one transaction; answers what `keep` makes of each one's results. Throws when the commit fails: then
   * nothing was written. At first without savepoints, which cost more than most writes; only when a write fails is all done
   * again with one for each, for which the requests are gone through once more. `committing` is called before the commit.
   */
  applyAll<Kept>(
    requests: Iterable<BatchRequest>,
    now: number,
    keep: Keep<Kept>,
    committing: () => void,
  ): readonly Kept[] {
    const plainly = () => this.#carryAll(requests, keep, (write) => this.#plainly(write, now));
    const withSavepoints = () => this.#carryAll(requests, keep, (write) => this.#applyOne(write, now));
    return this.#transaction(plainly, committing) ?? this.#transaction(withSavepoints, committing) ?? [];
  }

  /** Commits what `work` did; undoes it all where it answers null or throws. */
  #transaction<T>(work: () => T | null, committing: () => void): T | null {
    this.#begin.run();
    try {
      const done = work();
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
  #carryAll<Kept>(
    requests: Iterable<BatchRequest>,
    keep: Keep<Kept>,
    carry: (write: SqliteWrite) => WriteResult | null,
  ): readonly Kept[] | null {
    const kept: Kept[] = [];
    for (const request of requests) {
      const results: WriteResult[] = [];
      for (const write of request.batch) {
        const result = carry(write);
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
  #plainly(write: SqliteWrite, now: number): WriteResult | null {
    try {
      const result = this.#writer.carryOut(write, now);
      return 'ok' in result ? null : { ok: true, changes: result, followUps: this.#writer.followUps() };
    } catch (error) {
      if (!this.#db.inTransaction || isStorageTrouble(error)) throw error;
      return null;
    }
  }

  #applyOne(write: SqliteWrite, now: number): WriteResult {
    this.#db.exec('SAVEPOINT one');
    try {
      const result = this.#writer.carryOut(write, now);
      if ('ok' in result) {
        this.#db.exec('ROLLBACK TO one');
        this.#writer.followUps();
      }
      this.#db.exec('RELEASE one');
      return 'ok' in result ? result : { ok: true, changes: result, followUps: this.#writer.followUps() };
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
