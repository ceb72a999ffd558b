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
  InteractionTable,
  KeyTable,
  OutboundTable,
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
import type { DeliveredWrite, DestinationsWrite, QuarantineWrite } from './operation-writes.ts';
import type { Outcome } from './refusal.ts';
import type { Write } from './writes.ts';

/** The tables of an open transaction: what the steps of a write read and write. Each store has its own SQL behind them. */
export interface Tables {
  readonly interactions: InteractionTable;
  readonly keys: KeyTable;
  readonly calls: CallTable;
  readonly written: WrittenTable;
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
}

/** Carries out one write in an open transaction. If it is refused or rejects, the caller undoes its changes. */
export type CarryOut = (write: Write, tables: Tables, staff: StaffIndex, now: number) => Promise<Outcome>;

/** Leads and tasks; each put makes them due at the destinations that want them. */
export interface FollowUpTable {
  lead(id: string): Awaitable<Lead | null>;
  /** The lead of a party that is open or taken, by `leadKey`. */
  openLead(key: string): Awaitable<Lead | null>;
  putLead(lead: Lead): Awaitable<void>;
  task(id: string): Awaitable<Task | null>;
  /** Open tasks about a telephone number. */
  openTasksOf(phone: string): Awaitable<readonly Task[]>;
  putTask(task: Task): Awaitable<void>;
}

/**
 * What destinations are owed. What a new revision makes due is written by {@link InteractionTable.save} and {@link FollowUpTable}.
 */
export interface OwedTable {
  /** Sets the destinations and what they are owed from now on. */
  setDestinations(write: DestinationsWrite): Awaitable<void>;
  /** The erasure of a client is due; each time counts as the next revision. */
  oweErasure(client: ClientId, at: number): Awaitable<void>;
  /** Records how a delivery ended; false if nothing of the kind is owed. */
  finish(write: DeliveredWrite): Awaitable<boolean>;
  /** Makes one row due now that is not done; false where there is none. */
  wake(id: string, at: number): Awaitable<boolean>;
  /** Makes the parked rows of a destination due now; false where there are none. */
  wakeParked(destination: string, at: number): Awaitable<boolean>;
  state(id: string): Awaitable<OwedState | null>;
}

/** Remote steps and secrets of CRM cores. */
export interface CrmTable {
  putStep(of: LedgerSubject, step: LedgerStep): Awaitable<void>;
  removeStep(of: LedgerSubject, step: string): Awaitable<void>;
  /** `sealed`: the secret, encrypted. */
  putSecret(owner: string, name: string, sealed: string): Awaitable<void>;
  removeSecret(owner: string, name: string): Awaitable<void>;
}

/** Managers and lines, turns of rotating groups, and states of telephones. */
export interface StaffTable {
  put(staff: Staff): Awaitable<void>;
  /** Records the last turn of a rotating group. */
  takeTurn(group: string, manager: string): Awaitable<void>;
  putDevices(reports: readonly DeviceReport[]): Awaitable<void>;
}

/** What could not be taken in. */
export interface QuarantineTable {
  /** Carries out a write; resolves to the number of changed entries. */
  change(write: QuarantineWrite): Awaitable<number>;
}

/** Users, tokens, sessions, and whose rights have changed. */
export interface AccessTable {
  users(): Awaitable<readonly User[]>;
  putUser(user: NewUser): Awaitable<void>;
  removeUser(login: string): Awaitable<void>;
  putToken(token: ApiToken): Awaitable<void>;
  /** False where there is no such token. */
  removeToken(name: string): Awaitable<boolean>;
  putSession(session: NewSession): Awaitable<void>;
  removeSession(tokenHash: string): Awaitable<void>;
  removeSessionsOf(login: string): Awaitable<void>;
  /** Removes sessions that had run out by a moment. */
  dropSessions(before: number): Awaitable<void>;
  /** Tells running programs whose rights have changed: a login, `token:NAME`, or a session's hash. */
  announce(whose: string): Awaitable<void>;
  addLoginFailure(keys: readonly string[], at: number): Awaitable<void>;
  removeLoginFailures(keys: readonly string[]): Awaitable<void>;
  /** Removes failures outside of a span of time. */
  dropLoginFailures(from: number, until: number): Awaitable<void>;
}

/** Writes of one row that depend on nothing else. */
export interface BookkeepingTable {
  putAudit(entry: AuditEntry): Awaitable<void>;
  /** Removes up to `limit` of the oldest entries of before a moment. */
  dropAudit(before: number, limit: number): Awaitable<void>;
  /** How far a connection has read. */
  putCursor(connection: string, name: string, value: string): Awaitable<void>;
  /** Records that these blobs were removed from storage. */
  removeLooseBlobs(blobs: readonly BlobId[]): Awaitable<void>;
  putHeard(recording: string, by: string, at: number): Awaitable<void>;
}
