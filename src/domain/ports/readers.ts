import type { ApiToken, Session, User } from '../access/access.ts';
import type { AuditEntry, AuditQuery } from '../access/audit.ts';
import type { LoginFailures } from '../access/login-failures.ts';
import type { ClientId, EventKey, InteractionId } from '../base/ids.ts';
import type { NumberHold } from '../call/number-hold.ts';
import type { Transcript } from '../call/transcript.ts';
import type { Owed, OwedState, SubjectKind } from '../delivery/delivery.ts';
import type { LedgerStep, LedgerSubject } from '../delivery/ledger.ts';
import type { Client } from '../directory/client.ts';
import type { Lead, Task } from '../follow-up/follow-up.ts';
import type { CallSnapshot } from '../interaction/contact-event.ts';
import type { Interaction, Named } from '../interaction/interaction.ts';
import type { Quarantined } from '../interaction/quarantine.ts';
import type { View } from '../interaction/view.ts';
import type { Outbound } from '../outbound/outbound.ts';
import type { ReplyHandle } from '../outbound/reply-handle.ts';
import type { UndeliverableAddress } from '../written/undeliverable.ts';
import type { WrittenBody } from '../written/written-contact.ts';
import type { BlobId } from './blobs.ts';
import type {
  ClientQuery,
  ConversationFilters,
  ConversationQuery,
  InteractionQuery,
  LeadQuery,
  ListedConversation,
  OwedQuery,
  Page,
  PageQuery,
  PeriodQuery,
  TaskQuery,
  UndeliverableQuery,
} from './queries.ts';

/** Number of contacts of a line (or connection) in one hour. */
export interface HourCount {
  readonly line: string;
  readonly connection: string | null;
  /** Start of the hour, milliseconds since the epoch. */
  readonly hour: number;
  readonly count: number;
}

/** Rights that have changed on any instance, through a command or a request. */
export interface AccessChanges {
  /** The highest sequence number. */
  readonly seq: number;
  /** Logins, tokens (`token:NAME`), or hashes of ended sessions. */
  readonly whose: readonly string[];
}

/** Location of a recording, and its interaction. */
export interface RecordingFile {
  readonly id: string;
  readonly interaction: InteractionId;
  /** The file on this machine; null if there is none. */
  readonly path: string | null;
  /** The copy in the blob storage; null if there is none. */
  readonly blob: BlobId | null;
  readonly mime: string | null;
}

/** An attachment, its interaction, and its blob. */
export interface AttachmentFile {
  readonly id: string;
  readonly interaction: InteractionId;
  readonly blob: BlobId;
  readonly name: string;
  readonly mime: string;
}

/** Queries about contacts, clients, leads and tasks. Under a view, what it does not include appears not to exist. */
export interface ContactReader {
  interaction(id: InteractionId): Promise<Interaction | null>;
  interactions(query: InteractionQuery): Promise<Page<Interaction>>;
  /** Conversations of letters, messages and forms that are not closed. */
  conversations(query: ConversationQuery): Promise<Page<ListedConversation>>;
  /** The number of unanswered conversations; counting stops at a thousand. */
  unansweredCount(filters: ConversationFilters): Promise<number>;
  /** The changes of an interaction: who, when and to which revision, oldest first. */
  interactionHistory(id: InteractionId): Promise<readonly { revision: number; at: number; by: string; what: string }[]>;
  /** A client with the marks of its addresses. */
  client(id: ClientId): Promise<Client | null>;
  clients(query: ClientQuery): Promise<Page<Client>>;
  recording(id: string): Promise<RecordingFile | null>;
  /** What was said in a recording; null if it has no transcript. */
  transcript(recording: string): Promise<Transcript | null>;
  /** Recordings with a sound or a transcript, of interactions from `after` (exclusive) until `before` (exclusive), oldest first. */
  recordingsBetween(after: string, before: string, limit: number): Promise<readonly RecordingFile[]>;
  attachment(id: string): Promise<AttachmentFile | null>;
  /** The original body of a letter, or null if the interaction's text contains all of it. */
  letterBody(id: InteractionId): Promise<WrittenBody | null>;
  /** Newest first. Under a view, a page may be short although there are more. */
  leads(query: LeadQuery): Promise<Page<Lead>>;
  lead(id: string): Promise<Lead | null>;
  /** Newest first. Under a view, a page may be short although there are more. */
  tasks(query: TaskQuery): Promise<Page<Task>>;
  task(id: string): Promise<Task | null>;
}

/** A change that a desk missed: its number, and the interaction as it is now. */
export interface DeskChange {
  readonly seq: number;
  readonly interaction: Interaction;
}

/** The state of desks, and changes they missed. */
export interface DeskLogReader {
  /** The highest `seq` assigned to a manager's desk, 0 for none. */
  deskSeq(manager: string): Promise<number>;
  /**
   * Changes for a desk after `seq`: the latest entry of each interaction, oldest first. Null if that is too long ago.
   */
  deskSince(manager: string, seq: number): Promise<readonly DeskChange[] | null>;
  /** Calls in progress that a manager's desk was sent, in the order of their last changes. Some may be with a colleague by now. */
  deskCalls(manager: string): Promise<readonly Interaction[]>;
}

/** Deliveries to destinations. */
export interface OwedReader {
  /** Due deliveries of a destination that are not urgent and that no instance has claimed, oldest first. */
  owedDue(destination: string, now: number, limit: number): Promise<readonly Owed[]>;
  /** When the next delivery of a destination is due, or null. */
  owedNext(destination: string): Promise<number | null>;
  owed(query: OwedQuery): Promise<Page<Owed>>;
  /** The deliveries of up to 200 subjects to a destination, in any order. */
  owedOf(destination: string, kind: SubjectKind, subjects: readonly string[]): Promise<readonly Owed[]>;
  /** The number of due and parked deliveries of each destination, including zeros. */
  owedCounts(): Promise<readonly { destination: string; state: OwedState; count: number }[]>;
}

/** Ids of contact persons and deals of clients. */
export interface ClientParts {
  readonly contacts: readonly string[];
  readonly deals: readonly string[];
}

/** A client and the ids of its contact persons and deals. */
export interface ClientMembers extends ClientParts {
  readonly id: ClientId;
}

/** Data of CRM cores, and clients read from them. */
export interface CrmReader {
  /** The remote steps of one subject at one destination, in any order. */
  ledger(of: LedgerSubject): Promise<readonly LedgerStep[]>;
  /** A secret of a CRM core in its encrypted form, or null. */
  sealed(owner: string, name: string): Promise<string | null>;
  /** Ids of a source's clients (`source:…`) after a given one, in order; '' starts at the first. */
  clientsOfSource(source: string, after: string, limit: number): Promise<readonly ClientId[]>;
  /** The same with the ids of their contact persons and deals. */
  membersOfSource(source: string, after: string, limit: number): Promise<readonly ClientMembers[]>;
  /** Ids of a source's clients that have one of these contact persons or deals, in any order. */
  clientsWith(source: string, parts: ClientParts): Promise<readonly ClientId[]>;
  /** Interactions that began in a period, oldest first, for a comparison with a core. */
  interactionsBetween(query: PeriodQuery): Promise<Page<Interaction>>;
}

/** Outbound messages. */
export interface OutboundReader {
  /**
   * Messages that a connection must send now, oldest first. Messages behind a waiting one of their conversation are
   * left out.
   */
  outboundDue(connection: string, now: number, limit: number): Promise<readonly Outbound[]>;
  /** When the next message of a connection is due, or null. */
  outboundNext(connection: string): Promise<number | null>;
  /** Number of waiting messages per connection, for connections that have any. */
  outboundWaiting(): Promise<readonly { connection: string; count: number }[]>;
  /** Messages that a connection was sending when it stopped, so that it is unknown whether they left. */
  outboundBegun(connection: string): Promise<readonly Outbound[]>;
  outbound(id: InteractionId): Promise<Outbound | null>;
  /** What a connection needs in order to reply to a contact, or null. */
  replyHandle(id: InteractionId): Promise<ReplyHandle | null>;
}

/** Contacts that could not be stored. */
export interface QuarantineReader {
  /** Oldest first. */
  quarantine(query: PageQuery): Promise<Page<Quarantined>>;
  quarantined(id: string): Promise<Quarantined | null>;
  /** Entries that this version of the program has not tried yet, oldest first. */
  quarantineDue(version: string, limit: number): Promise<readonly Quarantined[]>;
  /** Number of entries per connection, and the time of the oldest (milliseconds since the epoch). */
  quarantineCounts(): Promise<readonly { connection: string; count: number; since: number }[]>;
}

/** Users, tokens, sessions, login failures and the audit log. */
export interface AccessReader {
  user(login: string): Promise<User | null>;
  userCount(): Promise<number>;
  token(tokenHash: string): Promise<ApiToken | null>;
  session(tokenHash: string): Promise<Session | null>;
  /** All users by login. */
  users(): Promise<readonly User[]>;
  tokens(): Promise<readonly ApiToken[]>;
  /** Sessions that have not expired at `now`, newest login first. */
  sessions(now: number): Promise<readonly Session[]>;
  /** Rights changed after a sequence number (0 for all), with the highest number returned. */
  accessChanges(after: number): Promise<AccessChanges>;
  /** Failed logins for these keys, on all instances. */
  loginFailures(keys: readonly string[]): Promise<readonly LoginFailures[]>;
  /** Newest first. */
  audit(query: AuditQuery): Promise<Page<AuditEntry>>;
}

/** State that connections resume from. */
export interface ConnectionReader {
  /**
   * The last snapshots of a connection's calls that are not finished, or whose recording has not been found. A
   * restarted connector starts from them.
   */
  liveCalls(connection: string): Promise<readonly CallSnapshot[]>;
  cursor(connection: string, name: string): Promise<string | null>;
  /** The event keys among these that have been stored, including those of erased contacts. */
  knownKeys(keys: readonly EventKey[]): Promise<ReadonlySet<EventKey>>;
}

/** Use of lines, turns of rotating groups, and number holds. */
export interface LineReader {
  /** Inbound contacts by line and hour since a time, for the quiet-line alarm. */
  hourCounts(since: number): Promise<readonly HourCount[]>;
  /** The latest hold of each number, even if it has expired. Keys are as `numberKey` makes them. */
  numberHolds(numbers: readonly string[]): Promise<readonly NumberHold[]>;
  /** The manager who had the last turn, by rotating group. */
  lastTurns(): Promise<Readonly<Record<string, string>>>;
}

/** A contact whose words are to be indexed, as it is stored; null if it has no texts, or was removed. */
export interface TextToIndex {
  readonly id: InteractionId;
  readonly interaction: Interaction | null;
}

/** Pending background work. */
export interface UpkeepReader {
  /** Contacts whose words are to be indexed for the search, newest first. */
  textsWaiting(limit: number): Promise<readonly TextToIndex[]>;
  /** Up to `limit` earlier contacts, newest first, that versions without the search stored. Empty once all are indexed. */
  textsToFill(limit: number): Promise<readonly TextToIndex[]>;
  /** Whether earlier interactions must still be matched again; see the write `relink`. */
  relinksPending(): Promise<boolean>;
  /** Blobs after a given one in order that nothing refers to any more, for example after {@link Store.housekeep}. */
  looseBlobs(after: string, limit: number): Promise<readonly BlobId[]>;
}

/** All queries of the store. Answers reflect committed state. */
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
  /** Queries restricted to a view; null means no restriction. */
  under(view: View | null): ContactReader;
  /** Clients that have an address at a domain; only the first addresses are examined. */
  clientsOfDomain(domain: string): Promise<readonly Named[]>;
  /** Addresses whose letters come back, in alphabetical order. */
  undeliverable(query: UndeliverableQuery): Promise<Page<UndeliverableAddress>>;
}
