import type { DeviceReport } from '../call/device.ts';
import type { Owed } from '../delivery/delivery.ts';
import type { DirectoryReader } from '../directory/client.ts';
import type { FollowUp } from '../follow-up/follow-up.ts';
import type { StoreReader } from './readers.ts';
import type { Change, Write, WriteResult } from './writes.ts';

/**
 * Where everything is kept. SQLite and PostgreSQL stand behind this one interface; writes are data,
 * reads are questions, and no transaction leaves the store.
 */
export interface Store {
  /**
   * Carries a batch out and resolves when it is durable. Results stand in the batch's order. Batches
   * of several callers may share one transaction; each write has a savepoint of its own.
   * Rejects only when nothing of the batch was written (disk full, store gone).
   */
  apply(batch: readonly Write[]): Promise<readonly WriteResult[]>;
  readonly read: StoreReader;
  /** The client directory for matching; synchronous, see {@link DirectoryReader}. */
  readonly directory: DirectoryReader;
  /** Milliseconds since `directory` last held everything that was committed; 0 where it is the store itself. */
  directoryAge(): number;
  readonly leases: Leases;
  /**
   * Takes up to `room` of what is due at a destination, oldest first, for `life` milliseconds: no other instance is given it
   * before it was delivered, or the time is up. Where there is no other, nothing is taken: the `held` rows that are under
   * way come again and are for the caller to pass over. `only` asks for one row by its id.
   */
  claimOwed(claim: {
    readonly destination: string;
    readonly now: number;
    readonly room: number;
    readonly held: number;
    readonly life: number;
    readonly only?: string;
  }): Promise<readonly Owed[]>;
  /** Lets go of rows that were claimed and are not begun, so that another instance need not wait for the claim's end. */
  releaseOwed(ids: readonly string[]): Promise<void>;
  /**
   * What the calendar asks for: makes room for the months to come, and removes what was taken in before `keepFrom` (null: nothing)
   * with everything that belongs to it, but not its keys. Only one instance does it at a time. Rejects when aborted.
   */
  housekeep(request: Housekeeping): Promise<Housekept>;
  /** Tells what other instances on the same store commit, in the order of the commits; never where there can be none. */
  onNews(listener: (news: News) => void): void;
  /** Resolves once a store that was away at the start has been reached; null where it was there at once. */
  readonly awaited: Promise<void> | null;
  /** Whether what it keeps is whole, as far as is known: `damaged` with what to do. A server looks after its files itself. */
  health(): { readonly state: 'checking' | 'whole' | 'damaged'; readonly reason: string | null };
  /** Waits for what is under way, then closes. */
  close(): Promise<void>;
}

/** What is asked of {@link Store.housekeep}. Times are milliseconds since the epoch. */
export interface Housekeeping {
  readonly now: number;
  /** The beginning of a month in UTC, or null. */
  readonly keepFrom: number | null;
  /** Leaves PostgreSQL's detached months as tables of their own. */
  readonly keepDetached: boolean;
  readonly signal: AbortSignal;
}

/** What was removed. */
export interface Housekept {
  readonly interactions: number;
  /** Deliveries of these that no destination had taken: given up. */
  readonly undelivered: number;
}

/** What only one instance may do at a time: each has a name and an epoch that grows with each change of its holder. */
export interface Leases {
  /**
   * Takes a lease that is free or has run out, or renews one's own, for `life` milliseconds; answers its epoch, or null where
   * another holds it. `onlyOwn` leaves one alone that has run out but was another's.
   */
  take(name: string, life: number, onlyOwn: boolean): Promise<number | null>;
  /** Gives a lease back; nothing happens where it is another's by now. */
  release(name: string, epoch: number): Promise<void>;
}

/** What other instances have committed since they were last asked about. */
export interface News {
  readonly changes: readonly Change[];
  /** Leads and tasks that others changed, as they are now. */
  readonly followUps: readonly FollowUp[];
  /** What telephones are doing, of connections that others run. */
  readonly devices: readonly DeviceReport[];
  /** Whose turn it was last, of the rotating groups where that changed. */
  readonly turns: Readonly<Record<string, string>>;
  /** Some changes can't be told any more: this instance was cut off for too long. */
  readonly missed: boolean;
}

/** The store can't be read or written: the disk is full, the file or the server is gone, or the writer has stopped. Try again. */
export class StoreUnavailableError extends Error {
  override readonly name: string = 'StoreUnavailableError';
}

/** A question can't be put to the store as it was asked: a fault of whoever asks. */
export class RefusedQuestionError extends Error {
  override readonly name = 'RefusedQuestionError';
}

/** The store was lost in the middle of a commit: nobody knows whether the batch was kept, and repeating it might double it. */
export class UncertainWriteError extends StoreUnavailableError {
  override readonly name = 'UncertainWriteError';
}

/** Whether a store's URL names a PostgreSQL database. */
export function isPostgres(url: string): boolean {
  return /^postgres(ql)?:\/\//.test(url);
}
