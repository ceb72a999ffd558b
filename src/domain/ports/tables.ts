import type { ApiToken, User } from '../access/access.ts';
import type { AuditEntry } from '../access/audit.ts';
import type { Awaitable } from '../base/awaitable.ts';
import type { ClientId } from '../base/ids.ts';
import type { DeviceReport } from '../call/device.ts';
import type { OwedState } from '../delivery/delivery.ts';
import type { LedgerStep, LedgerSubject } from '../delivery/ledger.ts';
import type { Staff } from '../directory/manager.ts';
import type { StaffIndex } from '../directory/staff-index.ts';
import type { Lead, Task } from '../follow-up/follow-up.ts';
import type { NewSession, NewUser } from './access-writes.ts';
import type { BlobId } from './blobs.ts';
import type {
  AwaitedTable,
  CallTable,
  ConversationTable,
  InteractionTable,
  KeyTable,
  OutboundTable,
  TranscriptTable,
  UndeliverableTable,
  WrittenTable,
} from './contact-tables.ts';
import type {
  AccountLinkTable,
  ClientTable,
  DirectoryTable,
  NumberHoldTable,
  RelinkTable,
} from './directory-tables.ts';
import type { DeliveredWrite, DestinationsWrite, IndexedText, QuarantineWrite } from './operation-writes.ts';
import type { Outcome } from './refusal.ts';
import type { Write } from './writes.ts';

/** The tables of an open transaction, for the steps of a write. Each store implements them in its own SQL. */
export interface Tables {
  readonly interactions: InteractionTable;
  readonly keys: KeyTable;
  readonly calls: CallTable;
  readonly transcripts: TranscriptTable;
  readonly written: WrittenTable;
  readonly conversations: ConversationTable;
  readonly awaited: AwaitedTable;
  readonly outbound: OutboundTable;
  readonly undeliverable: UndeliverableTable;
  readonly directory: DirectoryTable;
  readonly clients: ClientTable;
  readonly accountLinks: AccountLinkTable;
  readonly relinks: RelinkTable;
  readonly numberHolds: NumberHoldTable;
  readonly followUps: FollowUpTable;
  readonly owed: OwedTable;
  readonly crm: CrmTable;
  readonly staff: StaffTable;
  readonly quarantine: QuarantineTable;
  readonly access: AccessTable;
  readonly bookkeeping: BookkeepingTable;
  readonly search: SearchTable;
}

/**
 * Carries out a write in an open transaction. If it is refused or rejects, the caller must roll back everything it
 * did.
 */
export type CarryOut = (write: Write, tables: Tables, staff: StaffIndex, now: number) => Awaitable<Outcome>;

/** Leads and tasks. Storing one makes it due at the destinations that want it. */
export interface FollowUpTable {
  lead(id: string): Awaitable<Lead | null>;
  /** The open or taken lead of a party, by `leadKey`. */
  openLead(key: string): Awaitable<Lead | null>;
  putLead(lead: Lead): Awaitable<void>;
  task(id: string): Awaitable<Task | null>;
  /** Open tasks about a telephone number. */
  openTasksOf(phone: string): Awaitable<readonly Task[]>;
  putTask(task: Task): Awaitable<void>;
}

/**
 * Deliveries to destinations. {@link InteractionTable.save} and {@link FollowUpTable} create those for new revisions.
 */
export interface OwedTable {
  /** Sets the destinations and the kinds they want from now on. */
  setDestinations(write: DestinationsWrite): Awaitable<void>;
  /** Makes the erasure of a client due. Each call counts as the next revision. */
  oweErasure(client: ClientId, at: number): Awaitable<void>;
  /** Records how a delivery ended. False if there is no such delivery. */
  finish(write: DeliveredWrite): Awaitable<boolean>;
  /** Makes an unfinished delivery due now. False if there is none. */
  wake(id: string, at: number): Awaitable<boolean>;
  /** Makes the parked deliveries of a destination due now. False if there are none. */
  wakeParked(destination: string, at: number): Awaitable<boolean>;
  /** Makes a skipped delivery due now, if there is one. */
  wakeSkipped(of: LedgerSubject, at: number): Awaitable<void>;
  state(id: string): Awaitable<OwedState | null>;
  /** Makes a finished delivery due again. Returns its state before, or null if there is no such delivery. */
  again(of: LedgerSubject, at: number): Awaitable<OwedState | null>;
}

/** The ledger and the vault of CRM cores. */
export interface CrmTable {
  putStep(of: LedgerSubject, step: LedgerStep): Awaitable<void>;
  removeStep(of: LedgerSubject, step: string): Awaitable<void>;
  /** `sealed` is the encrypted secret. */
  putSecret(owner: string, name: string, sealed: string): Awaitable<void>;
  removeSecret(owner: string, name: string): Awaitable<void>;
}

/** Managers and lines, turns of rotating groups, and the states of telephones. */
export interface StaffTable {
  put(staff: Staff): Awaitable<void>;
  /** Records that it was this manager's turn in a rotating group. */
  takeTurn(group: string, manager: string): Awaitable<void>;
  putDevices(reports: readonly DeviceReport[]): Awaitable<void>;
}

/** Contacts that could not be stored. */
export interface QuarantineTable {
  /** Carries out a write. Returns the number of changed entries. */
  change(write: QuarantineWrite): Awaitable<number>;
}

/** Users, tokens, sessions and access changes. */
export interface AccessTable {
  users(): Awaitable<readonly User[]>;
  putUser(user: NewUser): Awaitable<void>;
  removeUser(login: string): Awaitable<void>;
  putToken(token: ApiToken): Awaitable<void>;
  /** False if there is no such token. */
  removeToken(name: string): Awaitable<boolean>;
  putSession(session: NewSession): Awaitable<void>;
  removeSession(tokenHash: string): Awaitable<void>;
  removeSessionsOf(login: string): Awaitable<void>;
  /** Removes sessions that expired before a time. */
  dropSessions(before: number): Awaitable<void>;
  /** Announces changed rights to running programs: a login, `token:NAME`, or the hash of a session. */
  announce(whose: string): Awaitable<void>;
  addLoginFailure(keys: readonly string[], at: number): Awaitable<void>;
  removeLoginFailures(keys: readonly string[]): Awaitable<void>;
  /** Removes failures outside a period. */
  dropLoginFailures(from: number, until: number): Awaitable<void>;
}

/** The words of contacts, by which they are found. {@link InteractionTable.save} puts contacts with texts in the queue for it. */
export interface SearchTable {
  /** Carries out a write. */
  index(texts: readonly IndexedText[]): Awaitable<void>;
  /** Stores where the indexing of earlier contacts stopped. */
  putFilled(place: string): Awaitable<void>;
}

/** Independent single-row writes. */
export interface BookkeepingTable {
  putAudit(entry: AuditEntry): Awaitable<void>;
  /** Removes up to `limit` of the oldest entries before a time. */
  dropAudit(before: number, limit: number): Awaitable<void>;
  /** Stores how far a connection has read. */
  putCursor(connection: string, name: string, value: string): Awaitable<void>;
  /** Forgets blobs that have been deleted from their storage. */
  removeLooseBlobs(blobs: readonly BlobId[]): Awaitable<void>;
  putHeard(recording: string, by: string, at: number): Awaitable<void>;
}
