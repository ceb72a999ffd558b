import type { ApiToken, Session, User } from '../access/access.ts';
import type { AuditEntry, AuditQuery } from '../access/audit.ts';
import type { LoginFailures } from '../access/login-failures.ts';
import type { ClientId, EventKey, InteractionId } from '../base/ids.ts';
import type { DeviceReport } from '../call/device.ts';
import type { NumberHold } from '../call/number-hold.ts';
import type { Owed, OwedState } from '../delivery/delivery.ts';
import type { LedgerStep, LedgerSubject } from '../delivery/ledger.ts';
import type { Client, DirectoryReader } from '../directory/client.ts';
import type { FollowUp, Lead, Task } from '../follow-up/follow-up.ts';
import type { CallSnapshot } from '../interaction/contact-event.ts';
import type { Interaction } from '../interaction/interaction.ts';
import type { Quarantined } from '../interaction/quarantine.ts';
import type { View } from '../interaction/view.ts';
import type { Outbound } from '../outbound/outbound.ts';
import type { UndeliverableAddress } from '../written/undeliverable.ts';
import type { WrittenBody } from '../written/written-contact.ts';
import type { BlobId } from './blobs.ts';
import type {
  ClientQuery,
  InteractionQuery,
  LeadQuery,
  OwedQuery,
  Page,
  PageQuery,
  TaskQuery,
  UndeliverableQuery,
} from './queries.ts';
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

/** How many contacts a line (or connection) had in one hour of its past. */
export interface HourCount {
  readonly line: string;
  readonly connection: string | null;
  /** Start of the hour, milliseconds since the epoch. */
  readonly hour: number;
  readonly count: number;
}

/** Whose rights have changed, of this instance or another, by a command or a request. */
export interface AccessChanges {
  /** The highest number there is. */
  readonly seq: number;
  /** Logins, names of tokens (`token:NAME`) or hashes of sessions that were ended. */
  readonly whose: readonly string[];
}

/** Where a recording lies and whose it is. */
export interface RecordingFile {
  readonly id: string;
  readonly interaction: InteractionId;
  readonly path: string | null;
  readonly mime: string | null;
}

/** An attachment, whose it is and where its bytes are. */
export interface AttachmentFile {
  readonly id: string;
  readonly interaction: InteractionId;
  readonly blob: BlobId;
  readonly name: string;
  readonly mime: string;
}

/**
 * Questions about contacts, clients and what is owed them. Asked under a view, what it does not hold is answered as if it did
 * not exist.
 */
export interface ContactReader {
  interaction(id: InteractionId): Promise<Interaction | null>;
  interactions(query: InteractionQuery): Promise<Page<Interaction>>;
  /** Who changed an interaction, when and to which revision, oldest first. */
  interactionHistory(id: InteractionId): Promise<readonly { revision: number; at: number; by: string; what: string }[]>;
  /** Clients with the marks of their addresses. */
  client(id: ClientId): Promise<Client | null>;
  clients(query: ClientQuery): Promise<Page<Client>>;
  recording(id: string): Promise<RecordingFile | null>;
  attachment(id: string): Promise<AttachmentFile | null>;
  /** A letter's body as it came, or null where the interaction's text is all of it. */
  letterBody(id: InteractionId): Promise<WrittenBody | null>;
  /** Newest first. Under a view a page may hold fewer than asked for although there are more. */
  leads(query: LeadQuery): Promise<Page<Lead>>;
  lead(id: string): Promise<Lead | null>;
  /** Newest first. Under a view a page may hold fewer than asked for although there are more. */
  tasks(query: TaskQuery): Promise<Page<Task>>;
  task(id: string): Promise<Task | null>;
}

/** Questions to the store. All answers are committed state. */
export interface StoreReader extends ContactReader {
  /** The same questions for somebody who sees no more than this; null: everything. */
  under(view: View | null): ContactReader;
  /**
   * The last snapshots of a connection's calls that have not ended, or have a recording not found yet: what a restarted
   * connector begins with.
   */
  liveCalls(connection: string): Promise<readonly CallSnapshot[]>;
  /** Addresses that letters come back from, by address. */
  undeliverable(query: UndeliverableQuery): Promise<Page<UndeliverableAddress>>;
  /** The highest `seq` given to a manager's desk, 0 for none. */
  deskSeq(manager: string): Promise<number>;
  /** What changed for a desk after `seq`: the latest entry of each interaction, oldest first; null when it is too long ago to tell. */
  deskSince(manager: string, seq: number): Promise<readonly { seq: number; interaction: Interaction }[] | null>;
  /** What is due at one destination and claimed by no instance, oldest first. */
  owedDue(destination: string, now: number, limit: number): Promise<readonly Owed[]>;
  /** When something is due next at a destination, or null. */
  owedNext(destination: string): Promise<number | null>;
  owed(query: OwedQuery): Promise<Page<Owed>>;
  /** What is due and what is parked at each destination, zeros too. */
  owedCounts(): Promise<readonly { destination: string; state: OwedState; count: number }[]>;
  /** Whether earlier interactions wait to be matched again: see the write `relink`. */
  relinksPending(): Promise<boolean>;
  /** Blobs after one in their order that nothing refers to any more: they lost what did, by {@link Store.housekeep}. */
  looseBlobs(after: string, limit: number): Promise<readonly BlobId[]>;
  /** Which of these event keys have been taken in, erased ones among them. */
  knownKeys(keys: readonly EventKey[]): Promise<ReadonlySet<EventKey>>;
  /** What is to be sent by a connection now, oldest first; nothing that an earlier message of its conversation is waiting before. */
  outboundDue(connection: string, now: number, limit: number): Promise<readonly Outbound[]>;
  /** When something is to be sent next by a connection, or null. */
  outboundNext(connection: string): Promise<number | null>;
  /** How much waits to be sent by each connection that has anything waiting. */
  outboundWaiting(): Promise<readonly { connection: string; count: number }[]>;
  /** What a connection had begun to send when it ended: nobody knows whether it went out. */
  outboundBegun(connection: string): Promise<readonly Outbound[]>;
  outbound(id: InteractionId): Promise<Outbound | null>;
  /** Oldest first. */
  quarantine(query: PageQuery): Promise<Page<Quarantined>>;
  quarantined(id: string): Promise<Quarantined | null>;
  /** What is in quarantine and was not tried by this version of the program yet, oldest first. */
  quarantineDue(version: string, limit: number): Promise<readonly Quarantined[]>;
  /** How much of each connection is in quarantine, and since when (milliseconds since the epoch). */
  quarantineCounts(): Promise<readonly { connection: string; count: number; since: number }[]>;
  cursor(connection: string, name: string): Promise<string | null>;
  /** The remote steps of one subject at one destination, in no particular order. */
  ledger(of: LedgerSubject): Promise<readonly LedgerStep[]>;
  /** A secret of a CRM core as it was given, encrypted; null where there is none. */
  sealed(owner: string, name: string): Promise<string | null>;
  /** Ids of a source's clients (`source:…`) after one of them in their order; '' for the first. */
  clientsOfSource(source: string, after: string, limit: number): Promise<readonly ClientId[]>;
  user(login: string): Promise<User | null>;
  userCount(): Promise<number>;
  token(tokenHash: string): Promise<ApiToken | null>;
  session(tokenHash: string): Promise<Session | null>;
  /** All users by login, without what opens anything. */
  users(): Promise<readonly User[]>;
  tokens(): Promise<readonly ApiToken[]>;
  /** Sessions that have not run out at `now`, newest login first. */
  sessions(now: number): Promise<readonly Session[]>;
  /** Users and tokens whose rights changed after a number (0: none told yet), with the number reached. */
  accessChanges(after: number): Promise<AccessChanges>;
  /** Failed logins of these keys, of all instances. */
  loginFailures(keys: readonly string[]): Promise<readonly LoginFailures[]>;
  /** Newest first. */
  audit(query: AuditQuery): Promise<Page<AuditEntry>>;
  /** Inbound contacts by line and hour since a moment, for the quiet-line alarm. */
  hourCounts(since: number): Promise<readonly HourCount[]>;
  /** The latest hold of each of the numbers that ever had one (keys as `numberKey` makes them), also one that has run out. */
  numberHolds(numbers: readonly string[]): Promise<readonly NumberHold[]>;
  /** Whose turn it was last in each rotating group. */
  lastTurns(): Promise<Readonly<Record<string, string>>>;
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
