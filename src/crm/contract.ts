import type { TSchema } from 'typebox';
import type { Finding } from '../domain/base/finding.ts';
import type { Reason } from '../domain/base/reason.ts';
import type { Transcript } from '../domain/call/transcript.ts';
import type { SubjectKind } from '../domain/delivery/delivery.ts';
import type { DeliverySubject, Destination } from '../domain/delivery/destination.ts';
import type { DirectorySource } from '../domain/directory/directory-source.ts';
import type { Staff } from '../domain/directory/manager.ts';
import type { Interaction } from '../domain/interaction/interaction.ts';
import type { CallAnswer, CallRequest, KnownStep } from '../domain/outbound/call-request.ts';
import type { MessageAnswer, MessageRequest } from '../domain/outbound/message-request.ts';
import type { Blobs } from '../domain/ports/blobs.ts';
import type { ConnectionHealth } from '../domain/ports/connection-state.ts';
import type { HookReceiver } from '../domain/ports/hooks.ts';
import type { InteractionQuery, Page, PageQuery } from '../domain/ports/queries.ts';
import type { AttachmentFile, ClientParts } from '../domain/ports/readers.ts';
import type { Group } from '../domain/routing/routing.ts';
import type { WrittenContact } from '../domain/written/written-contact.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Bucket, BucketLimit } from '../runtime/leaky-bucket.ts';
import type { Logger } from '../runtime/log.ts';
import type { Sound } from '../runtime/recording-sound.ts';
import type { Ledger } from './ledger.ts';
import type { Comparable } from './shared/compare/comparable.ts';

/** A kind of CRM core, defined as a plain constant. `create` must have no side effects: no sockets, timers or files. */
export interface CoreDefinition<Config, Wanted extends SubjectKind = SubjectKind> {
  readonly kind: string;
  /** TypeBox schema of the core's settings, including `kind`. `Config` is the validated type with defaults applied. */
  readonly schema: TSchema;
  /** The kinds of subjects that are delivered to it; empty for a core that is no {@link Destination}. */
  readonly wants: readonly Wanted[];
  /**
   * Set if the core itself makes no more requests at once than its `concurrency` says. More attempts are under way
   * then, because those that wait for a step to be written down need no request.
   */
  readonly limitsRequests?: true;
  /** Set if the core is a {@link DirectorySource}, so that `clients.sources` may name it. */
  readonly directory?: true;
  /** Whether a core with these settings keeps secrets in the vault, which then needs a key. None do by default. */
  keepsSecrets?(config: Config): boolean;
  create(config: Config, context: CoreContext): CrmCore<Wanted>;
}

/** A configured CRM core. It implements those of these interfaces that it supports. */
export type CrmCore<Wanted extends SubjectKind = SubjectKind> = (Destination<Wanted> | DirectorySource | HookReceiver) &
  Partial<Connectable & Comparable & Polled>;

/** A core that has to be prepared on the other side, for `patchbay crm connect` and `patchbay doctor`. */
export interface Connectable {
  /** What an administrator has to do on the other side, in English, one step a line. */
  guide(): readonly string[];
  /** Whether the other side has let us in. */
  isConnected(): Promise<boolean>;
  /** Checks everything that the core will use. Problems of the outside are findings, never rejections. */
  examine(signal: AbortSignal): Promise<readonly Finding[]>;
}

/** A core that asks the other side what has begun there, because the other side can't reach us. */
export interface Polled {
  /** The pause between two questions, in milliseconds. */
  readonly pollEvery: number;
  /**
   * Asks once. Resolves to whether there may be more. Rejects with a ServiceError; what was not taken in by then is asked for again.
   * One instance at a time calls it.
   */
  poll(signal: AbortSignal): Promise<boolean>;
}

/** Whether a core asks the other side. */
export function isPolled(core: CrmCore): core is CrmCore & Polled {
  return core.poll !== undefined && core.pollEvery !== undefined;
}

/** Whether a core can be connected with help of the command line. */
export function isConnectable(core: CrmCore): core is CrmCore & Connectable {
  return core.examine !== undefined && core.guide !== undefined && core.isConnected !== undefined;
}

/** Whether what a core holds can be compared with what it should hold. */
export function isComparable(core: CrmCore): core is CrmCore & Comparable {
  return core.remoteContacts !== undefined && core.expectedOf !== undefined;
}

/** Whether deliveries can be made to a core. */
export function isDestination(core: CrmCore): core is Destination {
  return 'deliver' in core;
}

/** Whether a core can be read as a directory of clients. */
export function isDirectorySource(core: CrmCore): core is DirectorySource {
  return 'readAll' in core && 'readChanges' in core && 'lookUp' in core;
}

/** What a CRM core is given to work with. */
export interface CoreContext {
  /** The core's name in the configuration. */
  readonly name: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** Aborted when the program stops. */
  readonly signal: AbortSignal;
  /** Cursors into the core's own records. Set one only after everything before it is stored. */
  readonly cursor: {
    get(name: string): Promise<string | null>;
    set(name: string, value: string): Promise<void>;
  };
  readonly lease: CoreLease;
  /**
   * Opens a bucket for the other side's limit of requests. With Redis all instances share it; otherwise each takes its
   * part of the limit.
   */
  bucket(limit: BucketLimit, instances: number): Bucket;
  /** The current managers and lines. */
  staff(): Staff;
  /**
   * Requests a call for somebody who works with the other side. `known` is a step of this core's ledger for the call
   * that is done, which is stored together with the request.
   */
  requestCall(request: CallRequest, known?: KnownStep): Promise<CallAnswer>;
  /** Requests a message in a conversation that the other side shows. `known`: as for {@link requestCall}. */
  requestMessage(request: MessageRequest, known?: KnownStep): Promise<MessageAnswer>;
  /** Stores a contact that only the other side knows, such as a form of its own. Resolves to null for a repeat. */
  takeContact(contact: WrittenContact): Promise<Interaction | null>;
  /**
   * Rings a manager, chosen by routing, for a form that asks for a call. Resolves to whether anybody can be reached now;
   * otherwise the form's task remains.
   */
  callBack(form: Interaction): Promise<boolean>;
  /** The groups of managers that routing knows. */
  groups(): Readonly<Record<string, Group>>;
  /**
   * Contacts of a client, a deal of this core, a conversation or a number as it was written, or all of them; the newest
   * first.
   */
  history(query: HistoryQuery): Promise<Page<Interaction>>;
  /** The company's time zone. */
  readonly timezone: string;
  /** The public address of this core's webhooks. */
  readonly hookUrl: string;
  /** What is stored of this core's clients. */
  readonly known: KnownClients;
  /** How the core fares, as people see it. A core that never reports anything is not listed. */
  reportState(health: ConnectionHealth, reason: Reason | null): void;
  /** Where recordings and attachments are. */
  readonly blobs: Blobs;
  /** Where the content of an attachment is; null if it is gone. */
  attachment(id: string): Promise<AttachmentFile | null>;
  /** The sound of a recording by its id; null if it is gone. */
  recording(id: string): Promise<Sound | null>;
  /** What was said in a recording; null if it has no transcript. */
  transcript(recording: string): Promise<Transcript | null>;
  readonly vault: Vault;
  /** The ledger of remote steps for a subject. */
  ledger(subject: DeliverySubject): Ledger;
}

/** Whose contacts are wanted, by at most one of `client`, `deal`, `phone` and `thread`; and which of them. */
export interface HistoryQuery extends PageQuery, Pick<InteractionQuery, 'channel' | 'since'> {
  readonly client?: string;
  readonly deal?: string;
  readonly phone?: string;
  /** A conversation. */
  readonly thread?: string;
}

/** The stored clients that were read from this core, by its own ids. */
export interface KnownClients {
  /** Ids of the contact persons of clients. */
  contactsOf(clients: readonly string[]): Promise<readonly string[]>;
  /** The clients that have one of these contact persons or deals. */
  clientsWith(parts: ClientParts): Promise<readonly string[]>;
}

/** Mutual exclusion between instances for this core, for example to renew a token. */
export interface CoreLease {
  /**
   * Waits for other holders, then runs `work`. `signal` is aborted before another instance could begin. Rejects if
   * the work does, or when the program stops.
   */
  hold<Result>(purpose: string, work: (signal: AbortSignal) => Promise<Result>): Promise<Result>;
}

/**
 * Secrets that a core obtains at run time, such as tokens. They are encrypted in the store, and other cores cannot
 * read them.
 */
export interface Vault {
  /** Null if there is no such secret, or if the key was lost and it must be obtained again. */
  get(name: string): Promise<string | null>;
  /** Resolves when the secret is stored durably. */
  put(name: string, secret: string): Promise<void>;
  remove(name: string): Promise<void>;
}
