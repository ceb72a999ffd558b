import type { DeviceReport } from '../call/device.ts';
import type { Owed } from '../delivery/delivery.ts';
import type { RoutingReader } from '../directory/client.ts';
import type { FollowUp } from '../follow-up/follow-up.ts';
import type { StoreReader } from './readers.ts';
import type { Change, Write, WriteResult } from './writes.ts';

/**
 * The store. SQLite and PostgreSQL implement this interface. Writes are data, reads are queries, and transactions
 * stay inside the store.
 */
export interface Store {
  /**
   * Applies a batch and resolves when it is durable. Results are in the order of the batch. Batches of several
   * callers may share a transaction; each write has its own savepoint. Rejects only if nothing of the batch was
   * written (disk full, store gone).
   */
  apply(batch: readonly Write[]): Promise<readonly WriteResult[]>;
  readonly read: StoreReader;
  /** What matching and routing read. It is synchronous, because a caller waits for the answer. */
  readonly directory: RoutingReader;
  /** Milliseconds since `directory` last contained everything committed; 0 if it is the store itself. */
  directoryAge(): number;
  readonly leases: Leases;
  /**
   * Claims up to `room` due deliveries of a destination, oldest first, for `life` milliseconds. No other instance
   * gets them before they are delivered or the claim expires. A store for a single instance claims nothing, so the
   * `held` running deliveries are returned again, and the caller must skip them. `urgent` asks for those that do not
   * wait for others, latest first; otherwise they are left out. `only` asks for one delivery by its id.
   */
  claimOwed(claim: {
    readonly destination: string;
    readonly now: number;
    readonly room: number;
    readonly held: number;
    readonly life: number;
    readonly urgent?: boolean;
    readonly only?: string;
  }): Promise<readonly Owed[]>;
  /**
   * Releases claims on deliveries that were not started, so that other instances need not wait for the claims to
   * expire.
   */
  releaseOwed(ids: readonly string[]): Promise<void>;
  /**
   * Regular maintenance: prepares future months, and removes contacts stored before `keepFrom` (null for none) with
   * everything that belongs to them except their keys. Runs on one instance at a time. Rejects when aborted.
   */
  housekeep(request: Housekeeping): Promise<Housekept>;
  /** Reports commits of other instances on the same store in commit order. Never called if there can be none. */
  onNews(listener: (news: News) => void): void;
  /** Resolves once a store that was unreachable at the start has been reached; null if it was reachable. */
  readonly awaited: Promise<void> | null;
  /**
   * Integrity of the store's file as far as known; `damaged` comes with what to do. A database server checks its
   * files itself.
   */
  health(): { readonly state: 'checking' | 'whole' | 'damaged'; readonly reason: string | null };
  /** Waits for running work, then closes the store. */
  close(): Promise<void>;
}

/** Parameters of {@link Store.housekeep}. Times are milliseconds since the epoch. */
export interface Housekeeping {
  readonly now: number;
  /** The start of a month in UTC, or null. */
  readonly keepFrom: number | null;
  /** Whether to keep PostgreSQL's detached months as separate tables. */
  readonly keepDetached: boolean;
  readonly signal: AbortSignal;
}

/** What housekeeping removed. */
export interface Housekept {
  readonly interactions: number;
  /** Abandoned deliveries of removed interactions that no destination had received. */
  readonly undelivered: number;
}

/**
 * Leases for work that only one instance may do at a time. Each has a name, and an epoch that grows whenever the
 * holder changes.
 */
export interface Leases {
  /**
   * Takes a free or expired lease, or renews one's own, for `life` milliseconds. Returns its epoch, or null if
   * another instance holds it. With `onlyOwn`, an expired lease of another instance is not taken.
   */
  take(name: string, life: number, onlyOwn: boolean): Promise<number | null>;
  /** Releases a lease. Does nothing if another instance holds it by now. */
  release(name: string, epoch: number): Promise<void>;
}

/** Commits of other instances since the last report. */
export interface News {
  readonly changes: readonly Change[];
  /** Current state of leads and tasks that others changed. */
  readonly followUps: readonly FollowUp[];
  /** States of telephones on connections that other instances run. */
  readonly devices: readonly DeviceReport[];
  /** The last turn of each rotating group in which it changed. */
  readonly turns: Readonly<Record<string, string>>;
  /** Others queued commands to calls. Connections look for theirs at once, as a caller does not wait. */
  readonly commands: boolean;
  /** Some changes can no longer be reported, because this instance was cut off for too long. */
  readonly missed: boolean;
}

/**
 * The store cannot be read or written: the disk is full, the file or server is gone, or the writer has stopped. Try
 * again.
 */
export class StoreUnavailableError extends Error {
  override readonly name: string = 'StoreUnavailableError';
  /** What is wrong with the store's file, in words without paths and personal data that anybody may read; null if not known. */
  readonly publicReason: string | null;

  constructor(
    message: string,
    { publicReason = null, ...options }: ErrorOptions & { publicReason?: string | null } = {},
  ) {
    super(message, options);
    this.publicReason = publicReason;
  }
}

/** The store cannot represent a query; a mistake of the caller. */
export class RefusedQueryError extends Error {
  override readonly name = 'RefusedQueryError';
}

/**
 * The store was lost during a commit. It is unknown whether the batch was stored, and repeating it might store it
 * twice.
 */
export class UncertainWriteError extends StoreUnavailableError {
  override readonly name = 'UncertainWriteError';
}

/** Whether the URL of a store refers to a PostgreSQL database. */
export function isPostgres(url: string): boolean {
  return /^postgres(ql)?:\/\//.test(url);
}
