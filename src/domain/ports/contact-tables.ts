import type { Awaitable } from '../base/awaitable.ts';
import type { EventKey, InteractionId } from '../base/ids.ts';
import type { PendingRoute } from '../call/call-route.ts';
import type { Transcript } from '../call/transcript.ts';
import type { CallSnapshot } from '../interaction/contact-event.ts';
import type { Interaction } from '../interaction/interaction.ts';
import type { AutomaticCount } from '../outbound/automatic-cap.ts';
import type { Outbound } from '../outbound/outbound.ts';
import type { ReplyHandle } from '../outbound/reply-handle.ts';
import type { ConversationState } from '../written/conversation-state.ts';
import type { WaitingAnswer } from '../written/early-answers.ts';
import type { FailedAddress } from '../written/undeliverable.ts';
import type { WrittenBody, WrittenDeletion, WrittenReport } from '../written/written-contact.ts';
import type { BlobId } from './blobs.ts';
import type { AttachmentFile, RecordingFile } from './readers.ts';
import type { Change } from './writes.ts';

/**
 * Interactions, with everything that a store updates per revision: history, deliveries, desk sequence numbers,
 * indexes.
 */
export interface InteractionTable {
  get(id: InteractionId): Awaitable<Interaction | null>;
  /** The latest interactions of a thread, newest first. */
  ofThread(thread: string, limit: number): Awaitable<readonly Interaction[]>;
  /** The latest interactions with an address between two times (RFC 3339), newest first. */
  ofEmail(email: string, from: string, to: string, limit: number): Awaitable<readonly Interaction[]>;
  /**
   * Writes a revision. `at` is its time in milliseconds since the epoch, `by` who made the change, and `what` the
   * reason in the history.
   */
  save(before: Interaction | null, after: Interaction, at: number, by: string, what: string): Awaitable<Change>;
  /** Stores links without creating a revision. */
  setLinks(interaction: Interaction, links: Interaction['links']): Awaitable<void>;
  /** Makes contacts of a conversation visible to the manager it was handed over to. */
  showTo(manager: string, contacts: readonly Interaction[]): Awaitable<void>;
}

/** An outside key and the interaction it refers to, even if that has been removed. */
export interface FoundKey {
  readonly key: EventKey;
  /** The hash that the key is stored under. */
  readonly hash: Buffer;
  readonly interaction: InteractionId | null;
}

/** Maps outside keys to interactions. Keys outlive their interactions. */
export interface KeyTable {
  /** Returns the results in the order of `keys`. */
  find(keys: readonly EventKey[]): Awaitable<readonly FoundKey[]>;
  put(keys: readonly FoundKey[], interaction: InteractionId): Awaitable<void>;
  /** Like `put`, but a key that is already known keeps its interaction. */
  share(keys: readonly EventKey[], interaction: InteractionId): Awaitable<void>;
}

/** Live calls, recordings and pending routes. */
export interface CallTable {
  /** Stores the last snapshot of a call, which a restarted connector starts from. */
  keepLive(interaction: InteractionId, call: CallSnapshot): Awaitable<void>;
  dropLive(interaction: InteractionId): Awaitable<void>;
  /** The last snapshot of a call under way, or null. */
  live(interaction: InteractionId): Awaitable<CallSnapshot | null>;
  /** Stores a recording. A known path or type is kept. */
  keepRecording(recording: RecordingFile): Awaitable<void>;
  /** Forgets where a recording is, and marks its copy for removal. */
  eraseRecording(id: string): Awaitable<void>;
  /** Stores a decision that arrived before the first event of its call. */
  keepRoute(call: EventKey, route: PendingRoute, at: number): Awaitable<void>;
  takeRoute(names: readonly EventKey[]): Awaitable<PendingRoute | null>;
  /** Removes decisions whose calls never arrived. Stores may skip most of these calls. */
  dropRoutes(before: number): Awaitable<void>;
}

/** What was said in recordings. */
export interface TranscriptTable {
  put(recording: string, interaction: InteractionId, transcript: Transcript): Awaitable<void>;
  remove(recording: string): Awaitable<void>;
}

/** Attachments, bodies, participants, reply handles and pending reports of letters, messages and forms. */
export interface WrittenTable {
  keepAttachments(files: readonly AttachmentFile[]): Awaitable<void>;
  /** Stores the body of a letter unless one is stored. */
  keepBody(interaction: InteractionId, body: WrittenBody): Awaitable<void>;
  /** Stores the body of a letter in place of another one, whose blob is marked for removal. */
  replaceBody(interaction: InteractionId, body: WrittenBody): Awaitable<void>;
  /** Stores the addresses of a letter's participants. */
  keepParticipants(interaction: InteractionId, emails: readonly string[]): Awaitable<void>;
  keepHandle(interaction: InteractionId, handle: ReplyHandle): Awaitable<void>;
  handle(interaction: InteractionId): Awaitable<ReplyHandle | null>;
  /** Stores a report that arrived before the message it concerns. */
  keepReport(key: EventKey, report: WrittenReport | WrittenDeletion, at: number): Awaitable<void>;
  takeReports(keys: readonly EventKey[]): Awaitable<readonly (WrittenReport | WrittenDeletion)[]>;
  /** Removes reports whose messages never arrived. Stores may skip most of these calls. */
  dropReports(before: number): Awaitable<void>;
  /** Marks blobs for removal, because nothing refers to them. */
  markUnreferenced(blobs: readonly BlobId[]): Awaitable<void>;
}

/** States of conversations, for lists of what is open or unanswered. */
export interface ConversationTable {
  get(id: string): Awaitable<ConversationState | null>;
  put(state: ConversationState): Awaitable<void>;
  remove(id: string): Awaitable<void>;
}

/** Letters that answer a message which has not been read yet. */
export interface AwaitedTable {
  /** Records that a letter waits for messages with these keys, nearest first. */
  put(interaction: InteractionId, names: readonly EventKey[], arrivedAt: number): Awaitable<void>;
  /** The letters that wait for a message with one of these keys. */
  waiting(names: readonly EventKey[]): Awaitable<readonly WaitingAnswer[]>;
  /** Removes the awaited keys from a rank on, because that message has arrived. Only nearer ones are still awaited. */
  drop(interaction: InteractionId, rank: number): Awaitable<void>;
}

/** The queue of outbound messages. The connector sends each row once. */
export interface OutboundTable {
  get(id: InteractionId): Awaitable<Outbound | null>;
  put(outbound: Outbound): Awaitable<void>;
  set(id: InteractionId, step: Pick<Outbound, 'state' | 'attempts' | 'nextAt'>): Awaitable<void>;
  setExpiry(id: InteractionId, expiresAt: number): Awaitable<void>;
  setContent(id: InteractionId, content: Outbound['content']): Awaitable<void>;
  /** Marks a message as sent, so that no attempt is due any more. */
  settle(id: InteractionId): Awaitable<void>;
  countAutomatic(count: AutomaticCount): Awaitable<number>;
}

/** Addresses whose letters come back. Times are milliseconds since the epoch. */
export interface UndeliverableTable {
  /** Records that a letter to the address, written at `at`, came back. */
  mark(failed: FailedAddress, at: number): Awaitable<void>;
  /** Records that a letter from the address was written at `at`. */
  recordLetterFrom(email: string, at: number): Awaitable<void>;
  /** Clears the mark at a person's request. False if there is none. */
  clear(email: string, at: number): Awaitable<boolean>;
}
