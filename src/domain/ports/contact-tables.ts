import type { Awaitable } from '../base/awaitable.ts';
import type { EventKey, InteractionId } from '../base/ids.ts';
import type { PendingRoute } from '../call/call-route.ts';
import type { CallSnapshot } from '../interaction/contact-event.ts';
import type { Interaction } from '../interaction/interaction.ts';
import type { AutomaticCount } from '../outbound/automatic-cap.ts';
import type { Outbound } from '../outbound/outbound.ts';
import type { WaitingAnswer } from '../written/early-answers.ts';
import type { FailedAddress } from '../written/undeliverable.ts';
import type { WrittenBody, WrittenDeletion, WrittenReport } from '../written/written-contact.ts';
import type { BlobId } from './blobs.ts';
import type { AttachmentFile, RecordingFile } from './readers.ts';
import type { Change } from './writes.ts';

/** The interactions, with everything that a store keeps beside each revision: history, owed deliveries, desk numbers, indexes. */
export interface InteractionTable {
  get(id: InteractionId): Awaitable<Interaction | null>;
  /** The latest interactions of a conversation, newest first. */
  ofThread(thread: string, limit: number): Awaitable<readonly Interaction[]>;
  /** The latest interactions with an address between two moments (RFC 3339), newest first. */
  ofEmail(email: string, from: string, to: string, limit: number): Awaitable<readonly Interaction[]>;
  /** Writes a revision. `at`: milliseconds since the epoch; `by`: who changed it; `what`: the entry in the history. */
  save(before: Interaction | null, after: Interaction, at: number, by: string, what: string): Awaitable<Change>;
  /** Keeps links without a revision of their own. */
  setLinks(interaction: Interaction, links: Interaction['links']): Awaitable<void>;
  /** Lets a manager see contacts of a conversation that was handed over. */
  showTo(manager: string, contacts: readonly Interaction[]): Awaitable<void>;
}

/** An outside key with its interaction, even if that has been removed. */
export interface FoundKey {
  readonly key: EventKey;
  /** The form in which it is kept. */
  readonly hash: Buffer;
  readonly interaction: InteractionId | null;
}

/** Which outside keys name which interaction. Keys outlive what they name. */
export interface KeyTable {
  /** In the order of asking. */
  find(keys: readonly EventKey[]): Awaitable<readonly FoundKey[]>;
  put(keys: readonly FoundKey[], interaction: InteractionId): Awaitable<void>;
  /** The same, for keys that the first interaction keeps. */
  share(keys: readonly EventKey[], interaction: InteractionId): Awaitable<void>;
}

/** Data of calls outside of their interactions. */
export interface CallTable {
  /** Keeps the last snapshot of a call that a restarted connector begins with. */
  keepLive(interaction: InteractionId, call: CallSnapshot): Awaitable<void>;
  dropLive(interaction: InteractionId): Awaitable<void>;
  /** A path or type that is known stays. */
  keepRecording(recording: RecordingFile): Awaitable<void>;
  /** Keeps a decision that came before the first event of its call. */
  keepRoute(call: EventKey, route: PendingRoute, at: number): Awaitable<void>;
  takeRoute(call: EventKey): Awaitable<PendingRoute | null>;
  /** Removes decisions whose calls never came, now and then. */
  dropRoutes(before: number): Awaitable<void>;
}

/** What a connection needs to answer a contact. */
export interface ReplyHandle {
  readonly connection: string;
  readonly handle: Readonly<Record<string, string>>;
}

/** Data of letters, messages and forms outside of their interactions. */
export interface WrittenTable {
  keepAttachments(files: readonly AttachmentFile[]): Awaitable<void>;
  keepBody(interaction: InteractionId, body: WrittenBody): Awaitable<void>;
  /** The addresses that took part in a letter. */
  keepParticipants(interaction: InteractionId, emails: readonly string[]): Awaitable<void>;
  keepHandle(interaction: InteractionId, handle: ReplyHandle): Awaitable<void>;
  handle(interaction: InteractionId): Awaitable<ReplyHandle | null>;
  /** Keeps a report that came before its contact. */
  keepReport(key: EventKey, told: WrittenReport | WrittenDeletion, at: number): Awaitable<void>;
  takeReports(keys: readonly EventKey[]): Awaitable<readonly (WrittenReport | WrittenDeletion)[]>;
  /** Removes reports whose contacts never came, now and then. */
  dropReports(before: number): Awaitable<void>;
  /** Marks blobs without references for removal. */
  loosen(blobs: readonly BlobId[]): Awaitable<void>;
}

/** Letters whose answered letter has not been read yet. */
export interface AwaitedTable {
  /** Makes a letter wait for contacts with these keys, the nearest first. */
  put(interaction: InteractionId, names: readonly EventKey[], arrivedAt: number): Awaitable<void>;
  /** The letters that wait for a contact with one of these keys. */
  waiting(names: readonly EventKey[]): Awaitable<readonly WaitingAnswer[]>;
  /** An answered letter has come: the waiting one now waits for nearer ones only. */
  drop(interaction: InteractionId, rank: number): Awaitable<void>;
}

/** Outbound contacts; each row is sent once by its connector. */
export interface OutboundTable {
  get(id: InteractionId): Awaitable<Outbound | null>;
  put(outbound: Outbound): Awaitable<void>;
  set(id: InteractionId, step: Pick<Outbound, 'state' | 'attempts' | 'nextAt'>): Awaitable<void>;
  setExpiry(id: InteractionId, expiresAt: number): Awaitable<void>;
  /** Settles a row that is known to have gone out. */
  settle(id: InteractionId): Awaitable<void>;
  countAutomatic(count: AutomaticCount): Awaitable<number>;
}

/** Addresses from which letters come back. Times are milliseconds since the epoch. */
export interface UndeliverableTable {
  /** A letter to it came back, written at `at`. */
  mark(failed: FailedAddress, at: number): Awaitable<void>;
  /** A letter came from it that was written at `at`. */
  alive(email: string, at: number): Awaitable<void>;
  /** Clears the mark for a human; false if there is none. */
  clear(email: string, at: number): Awaitable<boolean>;
}
