import type { DeviceReport } from '../call/device.ts';
import type { Owed } from '../delivery/delivery.ts';
import type { DirectoryReader } from '../directory/client.ts';
import type { FollowUp } from '../follow-up/follow-up.ts';
import type { StoreReader } from './readers.ts';
import type { Change, Write, WriteResult } from './writes.ts';

/**
 * The interface of both stores, SQLite and PostgreSQL. Writes are data, and no transaction leaves the store.
 */
export interface Store {
  /**
   * Carries out a batch and resolves when it is durable, with results in the batch's order. Batches of several callers may share one
   * transaction; each write has its own savepoint. Rejects only if nothing was written (disk full, store gone).
   */
  apply(batch: readonly Write[]): Promise<readonly WriteResult[]>;
  readonly read: StoreReader;
  /** The client directory for matching; synchronous, see {@link DirectoryReader}. */
  readonly directory: DirectoryReader;
  /** Milliseconds since `directory` was last complete; 0 if it is the store itself. */
  directoryAge(): number;
  readonly leases: Leases;
  /**
   * Claims up to `room` due rows of a destination, oldest first, for `life` milliseconds: no other instance gets them before they are
   * delivered or the claim expires. A store of a single instance claims nothing and returns the `held` rows in progress again, which the
   * caller skips. `only` claims one row by id.
   */
  claimOwed(claim: {
    readonly destination: string;
    readonly now: number;
    readonly room: number;
    readonly held: number;
    readonly life: number;
    readonly only?: string;
  }): Promise<readonly Owed[]>;
  /** Releases claimed rows that were not begun, so that other instances need not wait for the claim to expire. */
  releaseOwed(ids: readonly string[]): Promise<void>;
  /**
   * Prepares partitions for the coming months, and removes contacts taken in before `keepFrom` (null: none) with all their data except
   * keys. Only one instance may call it at a time. Rejects when aborted.
   */
  housekeep(request: Housekeeping): Promise<Housekept>;
  /** Emits the commits of other instances on the same store, in order. */
  onNews(listener: (news: News) => void): void;
  /** Resolves once a store that was unreachable at the start is reached; null if it was reachable. */
  readonly awaited: Promise<void> | null;
  /** The known integrity of the files; `damaged` says what to do. PostgreSQL checks its files itself. */
  health(): { readonly state: 'checking' | 'whole' | 'damaged'; readonly reason: string | null };
  /** Waits for pending work, then closes. */
  close(): Promise<void>;
}

/** Input of {@link Store.housekeep}. Times are milliseconds since the epoch. */
export interface Housekeeping {
  readonly now: number;
  /** The beginning of a month in UTC, or null. */
  readonly keepFrom: number | null;
  /** Keeps PostgreSQL's detached months as separate tables. */
  readonly keepDetached: boolean;
  readonly signal: AbortSignal;
}

/** What was removed. */
export interface Housekept {
  readonly interactions: number;
  /** Undelivered rows of removed contacts, which were given up. */
  readonly undelivered: number;
}

/** Locks for work of one instance at a time. Each has a name and an epoch that grows with each new holder. */
export interface Leases {
  /**
   * Takes a free or expired lease, or renews one's own, for `life` milliseconds. Resolves to its epoch, or null if another instance holds
   * it. `onlyOwn` does not take an expired lease of another instance.
   */
  take(name: string, life: number, onlyOwn: boolean): Promise<number | null>;
  /** Releases a lease, unless another instance holds it by now. */
  release(name: string, epoch: number): Promise<void>;
}

/** News that other instances committed. */
export interface News {
  readonly changes: readonly Change[];
  /** Leads and tasks that others changed, as they are now. */
  readonly followUps: readonly FollowUp[];
  /** States of telephones of connections that others run. */
  readonly devices: readonly DeviceReport[];
  /** Changed last turns of rotating groups. */
  readonly turns: Readonly<Record<string, string>>;
  /** Some changes were lost, because this instance was cut off for too long. */
  readonly missed: boolean;
}

/** The store cannot be read or written: the disk is full, the file or server is gone, or the writer stopped. To be retried. */
export class StoreUnavailableError extends Error {
  override readonly name: string = 'StoreUnavailableError';
}

/** A query is invalid, by a fault of the caller. */
export class RefusedQuestionError extends Error {
  override readonly name = 'RefusedQuestionError';
}

/** The store was lost during a commit. It is unknown whether the batch was kept, and repeating might duplicate it. */
export class UncertainWriteError extends StoreUnavailableError {
  override readonly name = 'UncertainWriteError';
}

/** Whether a store's URL names a PostgreSQL database. */
export function isPostgres(url: string): boolean {
  return /^postgres(ql)?:\/\//.test(url);
}
