import type { ApiToken, Session, User } from '../access/access.ts';
import type { AuditEntry, AuditQuery } from '../access/audit.ts';
import type { LoginFailures } from '../access/login-failures.ts';
import type { ClientId, EventKey, InteractionId } from '../base/ids.ts';
import type { NumberHold } from '../call/number-hold.ts';
import type { Owed, OwedState } from '../delivery/delivery.ts';
import type { LedgerStep, LedgerSubject } from '../delivery/ledger.ts';
import type { Client } from '../directory/client.ts';
import type { Lead, Task } from '../follow-up/follow-up.ts';
import type { CallSnapshot } from '../interaction/contact-event.ts';
import type { Interaction, Named } from '../interaction/interaction.ts';
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

/** A recording's file and interaction. */
export interface RecordingFile {
  readonly id: string;
  readonly interaction: InteractionId;
  readonly path: string | null;
  readonly mime: string | null;
}

/** An attachment's blob and interaction. */
export interface AttachmentFile {
  readonly id: string;
  readonly interaction: InteractionId;
  readonly blob: BlobId;
  readonly name: string;
  readonly mime: string;
}

/**
 * Reads contacts, clients, leads and tasks. Under a view, anything outside it is answered as if it did not exist.
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
  /** Newest first. Under a view a page may have fewer entries than the limit although there are more. */
  leads(query: LeadQuery): Promise<Page<Lead>>;
  lead(id: string): Promise<Lead | null>;
  /** Newest first. Under a view a page may have fewer entries than the limit although there are more. */
  tasks(query: TaskQuery): Promise<Page<Task>>;
  task(id: string): Promise<Task | null>;
}

/** The numbered messages of desks. */
export interface DeskLogReader {
  /** The highest `seq` given to a manager's desk, 0 for none. */
  deskSeq(manager: string): Promise<number>;
  /** The changes for a desk after `seq`: the latest entry of each interaction, oldest first; null if `seq` is too old. */
  deskSince(manager: string, seq: number): Promise<readonly { seq: number; interaction: Interaction }[] | null>;
}

/** What destinations are owed. */
export interface OwedReader {
  /** Due and unclaimed rows of a destination, oldest first. */
  owedDue(destination: string, now: number, limit: number): Promise<readonly Owed[]>;
  /** When the next row of a destination is due, or null. */
  owedNext(destination: string): Promise<number | null>;
  owed(query: OwedQuery): Promise<Page<Owed>>;
  /** Counts of due and parked rows of each destination, including zeros. */
  owedCounts(): Promise<readonly { destination: string; state: OwedState; count: number }[]>;
}

/** What CRM cores keep, and the clients that were read from them. */
export interface CrmReader {
  /** The remote steps of one subject at one destination, in no particular order. */
  ledger(of: LedgerSubject): Promise<readonly LedgerStep[]>;
  /** A secret of a CRM core as it was given, encrypted; null where there is none. */
  sealed(owner: string, name: string): Promise<string | null>;
  /** Ids of a source's clients (`source:…`) after one of them in their order; '' for the first. */
  clientsOfSource(source: string, after: string, limit: number): Promise<readonly ClientId[]>;
}

/** What is to be sent. */
export interface OutboundReader {
  /** Contacts to send by a connection now, oldest first; none that waits behind an earlier one of its conversation. */
  outboundDue(connection: string, now: number, limit: number): Promise<readonly Outbound[]>;
  /** When a connection has to send next, or null. */
  outboundNext(connection: string): Promise<number | null>;
  /** The number of waiting outbound contacts by connection, without zeros. */
  outboundWaiting(): Promise<readonly { connection: string; count: number }[]>;
  /** Contacts that a connection was sending when it stopped, whose outcome is unknown. */
  outboundBegun(connection: string): Promise<readonly Outbound[]>;
  outbound(id: InteractionId): Promise<Outbound | null>;
}

/** What could not be taken in. */
export interface QuarantineReader {
  /** Oldest first. */
  quarantine(query: PageQuery): Promise<Page<Quarantined>>;
  quarantined(id: string): Promise<Quarantined | null>;
  /** Entries of the quarantine that this version has not tried yet, oldest first. */
  quarantineDue(version: string, limit: number): Promise<readonly Quarantined[]>;
  /** The number of entries of each connection, and since when (milliseconds since the epoch). */
  quarantineCounts(): Promise<readonly { connection: string; count: number; since: number }[]>;
}

/** Users, sessions, failed logins and the audit log. */
export interface AccessReader {
  user(login: string): Promise<User | null>;
  userCount(): Promise<number>;
  token(tokenHash: string): Promise<ApiToken | null>;
  session(tokenHash: string): Promise<Session | null>;
  /** All users by login, without secrets. */
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
}

/** The state from which connections continue. */
export interface ConnectionReader {
  /**
   * The last snapshots of a connection's calls that have not ended, or have a recording not found yet: what a restarted
   * connector begins with.
   */
  liveCalls(connection: string): Promise<readonly CallSnapshot[]>;
  cursor(connection: string, name: string): Promise<string | null>;
  /** Which of these event keys have been taken in, erased ones among them. */
  knownKeys(keys: readonly EventKey[]): Promise<ReadonlySet<EventKey>>;
}

/** Use of lines, turns of groups, and number holds. */
export interface LineReader {
  /** Inbound contacts by line and hour, from the hour of a moment on, for the quiet-line alarm. */
  hourCounts(since: number): Promise<readonly HourCount[]>;
  /** The latest hold of each of the numbers that ever had one (keys as `numberKey` makes them), also one that has run out. */
  numberHolds(numbers: readonly string[]): Promise<readonly NumberHold[]>;
  /** The last turn of each rotating group. */
  lastTurns(): Promise<Readonly<Record<string, string>>>;
}

/** Background work that is left to do. */
export interface UpkeepReader {
  /** Whether earlier interactions wait to be matched again: see the write `relink`. */
  relinksPending(): Promise<boolean>;
  /** Blobs after a given one that lost their last reference by {@link Store.housekeep}. */
  looseBlobs(after: string, limit: number): Promise<readonly BlobId[]>;
}

/** Reads of the store. They return committed state only. */
export interface StoreReader
  extends ContactReader,
    DeskLogReader,
    OwedReader,
    CrmReader,
    OutboundReader,
    QuarantineReader,
    AccessReader,
    ConnectionReader,
    LineReader,
    UpkeepReader {
  /** The same reads limited to a view; null: everything. */
  under(view: View | null): ContactReader;
  /** Clients that have an address at a domain, by the first of those addresses. */
  clientsOfDomain(domain: string): Promise<readonly Named[]>;
  /** Addresses that letters come back from, by address. */
  undeliverable(query: UndeliverableQuery): Promise<Page<UndeliverableAddress>>;
}
