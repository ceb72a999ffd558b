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

/** A change that a desk missed: its number, and the interaction as it is now. */
export interface DeskChange {
  readonly seq: number;
  readonly interaction: Interaction;
}

/** What desks begin with, and what they missed. */
export interface DeskLogReader {
  /** The highest `seq` given to a manager's desk, 0 for none. */
  deskSeq(manager: string): Promise<number>;
  /** What changed for a desk after `seq`: the latest entry of each interaction, oldest first; null when it is too long ago to tell. */
  deskSince(manager: string, seq: number): Promise<readonly DeskChange[] | null>;
  /** Calls under way that a manager's desk was sent, in the order of their last changes; some may be at a colleague's by now. */
  deskCalls(manager: string): Promise<readonly Interaction[]>;
}

/** What destinations are owed. */
export interface OwedReader {
  /** What is due at one destination and claimed by no instance, oldest first. */
  owedDue(destination: string, now: number, limit: number): Promise<readonly Owed[]>;
  /** When something is due next at a destination, or null. */
  owedNext(destination: string): Promise<number | null>;
  owed(query: OwedQuery): Promise<Page<Owed>>;
  /** What is due and what is parked at each destination, zeros too. */
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
  /** What is to be sent by a connection now, oldest first; nothing that an earlier message of its conversation is waiting before. */
  outboundDue(connection: string, now: number, limit: number): Promise<readonly Outbound[]>;
  /** When something is to be sent next by a connection, or null. */
  outboundNext(connection: string): Promise<number | null>;
  /** How much waits to be sent by each connection that has anything waiting. */
  outboundWaiting(): Promise<readonly { connection: string; count: number }[]>;
  /** What a connection had begun to send when it ended: nobody knows whether it went out. */
  outboundBegun(connection: string): Promise<readonly Outbound[]>;
  outbound(id: InteractionId): Promise<Outbound | null>;
}

/** What could not be taken in. */
export interface QuarantineReader {
  /** Oldest first. */
  quarantine(query: PageQuery): Promise<Page<Quarantined>>;
  quarantined(id: string): Promise<Quarantined | null>;
  /** What is in quarantine and was not tried by this version of the program yet, oldest first. */
  quarantineDue(version: string, limit: number): Promise<readonly Quarantined[]>;
  /** How much of each connection is in quarantine, and since when (milliseconds since the epoch). */
  quarantineCounts(): Promise<readonly { connection: string; count: number; since: number }[]>;
}

/** Who may come in, who tried, and what they did. */
export interface AccessReader {
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
}

/** What connections begin with again, and what they have taken in. */
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

/** How lines are used, whose turn it was, and which numbers are shown to whom. */
export interface LineReader {
  /** Inbound contacts by line and hour, from the hour of a moment on, for the quiet-line alarm. */
  hourCounts(since: number): Promise<readonly HourCount[]>;
  /** The latest hold of each of the numbers that ever had one (keys as `numberKey` makes them), also one that has run out. */
  numberHolds(numbers: readonly string[]): Promise<readonly NumberHold[]>;
  /** Whose turn it was last in each rotating group. */
  lastTurns(): Promise<Readonly<Record<string, string>>>;
}

/** What is left to be done in the background. */
export interface UpkeepReader {
  /** Whether earlier interactions wait to be matched again: see the write `relink`. */
  relinksPending(): Promise<boolean>;
  /** Blobs after one in their order that nothing refers to any more: they lost what did, by {@link Store.housekeep}. */
  looseBlobs(after: string, limit: number): Promise<readonly BlobId[]>;
}

/** Questions to the store. All answers are committed state. */
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
  /** The same questions for somebody who sees no more than this; null: everything. */
  under(view: View | null): ContactReader;
  /** Clients that have an address at a domain, by the first of those addresses. */
  clientsOfDomain(domain: string): Promise<readonly Named[]>;
  /** Addresses that letters come back from, by address. */
  undeliverable(query: UndeliverableQuery): Promise<Page<UndeliverableAddress>>;
}
