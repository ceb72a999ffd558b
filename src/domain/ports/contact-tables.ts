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
  /** Writes a revision. `at`: when, in milliseconds since the epoch; `by`: who changed it; `what`: the words of the history. */
  save(before: Interaction | null, after: Interaction, at: number, by: string, what: string): Awaitable<Change>;
  /** Keeps links without a revision of their own. */
  setLinks(interaction: Interaction, links: Interaction['links']): Awaitable<void>;
  /** Lets a manager see contacts of a conversation that was handed over. */
  showTo(manager: string, contacts: readonly Interaction[]): Awaitable<void>;
}

/** An outside key, with the interaction that it names, also where that has been removed since. */
export interface FoundKey {
  readonly key: EventKey;
  /** Under what it is kept. */
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

/** What calls leave beside their interactions. */
export interface CallTable {
  /** Keeps the last snapshot of a call that a restarted connector begins with. */
  keepLive(interaction: InteractionId, call: CallSnapshot): Awaitable<void>;
  dropLive(interaction: InteractionId): Awaitable<void>;
  /** A path or type that is known stays. */
  keepRecording(recording: RecordingFile): Awaitable<void>;
  /** Keeps a decision that overtook the first event of its call. */
  keepRoute(call: EventKey, route: PendingRoute, at: number): Awaitable<void>;
  takeRoute(names: readonly EventKey[]): Awaitable<PendingRoute | null>;
  /** Removes decisions whose calls never came, now and then. */
  dropRoutes(before: number): Awaitable<void>;
}

/** What a connection needs to answer a contact. */
export interface ReplyHandle {
  readonly connection: string;
  readonly handle: Readonly<Record<string, string>>;
}

/** What letters, messages and forms leave beside their interactions. */
export interface WrittenTable {
  keepAttachments(files: readonly AttachmentFile[]): Awaitable<void>;
  keepBody(interaction: InteractionId, body: WrittenBody): Awaitable<void>;
  /** The addresses that took part in a letter. */
  keepParticipants(interaction: InteractionId, emails: readonly string[]): Awaitable<void>;
  keepHandle(interaction: InteractionId, handle: ReplyHandle): Awaitable<void>;
  handle(interaction: InteractionId): Awaitable<ReplyHandle | null>;
  /** Keeps a report that came before what it is about. */
  keepReport(key: EventKey, told: WrittenReport | WrittenDeletion, at: number): Awaitable<void>;
  takeReports(keys: readonly EventKey[]): Awaitable<readonly (WrittenReport | WrittenDeletion)[]>;
  /** Removes reports of what never came, now and then. */
  dropReports(before: number): Awaitable<void>;
  /** Nothing refers to these blobs: they are to be removed. */
  loosen(blobs: readonly BlobId[]): Awaitable<void>;
}

/** Which letters wait for what they answer, because it has not been read yet. */
export interface AwaitedTable {
  /** A letter waits for what has these names, the nearest first. */
  put(interaction: InteractionId, names: readonly EventKey[], arrivedAt: number): Awaitable<void>;
  /** The letters that wait for what has one of these names. */
  waiting(names: readonly EventKey[]): Awaitable<readonly WaitingAnswer[]>;
  /** What a letter waited for has come: it waits for what is nearer alone. */
  drop(interaction: InteractionId, rank: number): Awaitable<void>;
}

/** What is to be sent: each row is sent once by its connector. */
export interface OutboundTable {
  get(id: InteractionId): Awaitable<Outbound | null>;
  put(outbound: Outbound): Awaitable<void>;
  set(id: InteractionId, step: Pick<Outbound, 'state' | 'attempts' | 'nextAt'>): Awaitable<void>;
  setExpiry(id: InteractionId, expiresAt: number): Awaitable<void>;
  /** It is known to have gone out: nothing is left to be sent. */
  settle(id: InteractionId): Awaitable<void>;
  countAutomatic(count: AutomaticCount): Awaitable<number>;
}

/** Which addresses letters come back from. Times are milliseconds since the epoch. */
export interface UndeliverableTable {
  /** A letter to it came back, written at `at`. */
  mark(failed: FailedAddress, at: number): Awaitable<void>;
  /** A letter came from it that was written at `at`. */
  alive(email: string, at: number): Awaitable<void>;
  /** A human clears it; false where nothing is marked. */
  clear(email: string, at: number): Awaitable<boolean>;
}
