import type { TSchema } from 'typebox';
import type { Reason } from '../domain/base/reason.ts';
import type { CallAction, CallCommand } from '../domain/call/call-command.ts';
import type { DeviceReport } from '../domain/call/device.ts';
import type { QueueEvent, QueueState } from '../domain/call/queue.ts';
import type { Staff } from '../domain/directory/manager.ts';
import type { CallSnapshot, ContactEvent } from '../domain/interaction/contact-event.ts';
import type { RawSource } from '../domain/interaction/quarantine.ts';
import type { AnswerWindow } from '../domain/outbound/answer-window.ts';
import type { Outbound, OutboundChannel, SendOutcome } from '../domain/outbound/outbound.ts';
import type { TemplateList } from '../domain/outbound/template.ts';
import type { Blobs } from '../domain/ports/blobs.ts';
import type { ConnectionHealth } from '../domain/ports/connection-state.ts';
import type { RouteAnswer, RouteQuestion } from '../domain/routing/routing.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Jobs } from '../runtime/jobs/job.ts';
import type { Logger } from '../runtime/log.ts';

/**
 * Defines a kind of connector as a plain constant. `create` has no side effects: no socket, timer or file is used before
 * `start`.
 */
export interface ConnectorDefinition<Config> {
  readonly kind: string;
  /** TypeBox schema of the connection's configuration. `Config` is its type with defaults filled in. */
  readonly schema: TSchema;
  /** What it can send, and to whom; null if it only receives. If not null, the connector is a {@link Sender}. */
  readonly sends: Sends | null | ((config: Config) => Sends | null);
  /** What it can do to calls under way; absent if nothing. If present, the connector is a {@link CallController}. */
  readonly controls?: (config: Config) => readonly CallAction[];
  /** Whether a declined call is taken from the PBX and passed on by routing; absent: never. */
  readonly passesOnDeclined?: (config: Config) => boolean;
  /**
   * Set if two instances may run the connection at once without harm, because it mainly listens. It then keeps running while the
   * store can't tell who holds the connection's lease, and its events wait. Others stop before another instance may start.
   */
  readonly listens?: true;
  create(config: Config, context: ConnectorContext): Connector;
}

/** What a connector can send, and which kind of recipient it needs to start a conversation. */
export interface Sends {
  readonly channel: OutboundChannel;
  /** `account` means that only people who have written to us can be reached, at the account they wrote from. */
  readonly to: 'email' | 'phone' | 'account';
  /** Its own address, if it has one. When managers start a conversation, their own address is preferred. */
  readonly address?: string;
  /** The name of the service, for people. */
  readonly provider?: string;
  /** How long the service takes free text; absent: always. */
  readonly window?: AnswerWindow;
  /** Why nobody can be written to before they write or do something else. Only with `to: 'account'`. */
  readonly unreached?: Reason;
}

/** A running connection. */
export interface Connector {
  /** Starts the connection. Resolves when it is running, not when it is connected: problems of the outside are states, not exceptions. */
  start(): Promise<void>;
  /** Stops the connection, after waiting for pending emits. Safe to call twice. */
  stop(): Promise<void>;
}

/** A connector that can send. Only the holder of the connection's lease calls it, with one send at a time. */
export interface Sender {
  /**
   * Sends one letter, message or call. The store has already recorded that it is being sent. Problems of the outside are
   * outcomes; an exception counts as `uncertain`, because it is unknown how far the send got. The id of `outbound` identifies
   * repeats.
   */
  send(outbound: Outbound, signal: AbortSignal): Promise<SendOutcome>;
  /**
   * After a crash, determines whether an interrupted send succeeded: `retry` if it did not or a repeat does no harm, `uncertain`
   * if that is unknown.
   */
  confirm(outbound: Outbound, signal: AbortSignal): Promise<SendOutcome>;
}

/** A connector that can act on calls under way. Only the holder of the connection's lease calls it, with one command at a time. */
export interface CallController {
  /** Carries out one command. As for {@link Sender.send}, the store has already recorded that it began. */
  control(command: CallCommand, signal: AbortSignal): Promise<SendOutcome>;
}

/** Whether a connector can act on calls under way. */
export function isCallController(connector: object): connector is CallController {
  return 'control' in connector;
}

/** What a connection shows to clients, by its settings. */
export interface Marks {
  /** That we are writing to them. */
  readonly typing: boolean;
  /** That we have read their messages. `opened` includes `answered`. */
  readonly read: 'never' | 'answered' | 'opened';
}

/**
 * A connector that can show clients that we are writing, and that we have read their messages. `handle` is that of the client's
 * message. Both methods reject with a ServiceError and can be repeated without harm, so a standby may be asked too.
 */
export interface Marker {
  readonly marks: Marks;
  /** Shows that we are writing. The service hides it after some seconds. */
  showTyping(handle: Readonly<Record<string, string>>, signal: AbortSignal): Promise<void>;
  /** Marks the message as read, with those before it. */
  markRead(handle: Readonly<Record<string, string>>, signal: AbortSignal): Promise<void>;
}

/** Whether a connector can show clients that we are writing or have read their messages. */
export function isMarker(connector: object): connector is Marker {
  return 'showTyping' in connector && 'markRead' in connector;
}

/** A connector that can process quarantined sources again. */
export interface Replayer {
  /** Processes a source again, even if it was processed before. Rejects if that fails. */
  replay(source: RawSource): Promise<void>;
}

/** Whether a connector can process quarantined sources again. */
export function isReplayer(connector: object): connector is Replayer {
  return 'replay' in connector;
}

/** Whether a connector can send. */
export function isSender(connector: object): connector is Sender {
  return 'send' in connector && 'confirm' in connector;
}

/** A connector whose service sends messages by approved templates. */
export interface TemplateSource {
  /** The approved templates. `isFresh`: read from the service now. Rejects with a ServiceError. */
  templates(isFresh: boolean): Promise<TemplateList>;
}

/** Whether a connector has templates. */
export function hasTemplates(connector: object): connector is TemplateSource {
  return 'templates' in connector;
}

/** Something a messenger reported that is not shown as a message of the client, or not completely. */
export interface UnreadMessage {
  /** `service`: nobody said anything. `empty`: there is nothing in it. `unknown`: the connector does not know it. */
  readonly what: 'service' | 'empty' | 'unknown';
  /** Its name in the service's interface. */
  readonly type: string;
}

/** Dependencies of a connector. It knows nothing about clients, CRMs or the database. */
export interface ConnectorContext {
  /** Name of the connection in the configuration. */
  readonly connection: string;
  /** Region of the company, for numbers without a country code. */
  readonly country: string;
  /** Language of the company, for labels in stored texts. */
  readonly language: 'ru' | 'en';
  readonly log: Logger;
  readonly clock: Clock;
  /** The current managers and lines, which also define our own addresses. */
  readonly staff: () => Staff;
  /** Public URL of this program, without a trailing slash. */
  readonly publicUrl: string;
  /** Storage for attachments, which are stored before their event is emitted. */
  readonly blobs: Blobs;
  /** Parses text from outside in a worker thread, within a deadline. */
  readonly jobs: Jobs;
  /** Aborted when the program stops, or another instance takes over the connection. */
  readonly signal: AbortSignal;
  /**
   * Emits an event. Resolves when it is safe: committed, or if the store refuses it, in quarantine (with its source, if given).
   * Rejects if neither was possible; the connector should then try again.
   */
  emit(event: ContactEvent, source?: RawSource): Promise<void>;
  /** Quarantines a source that could not be processed because of a defect in Patchbay. Resolves when it is safe; the cursor may then move on. */
  quarantine(source: RawSource, error: unknown): Promise<void>;
  /**
   * Decides where a call of this connection goes, at once. If the question names its call, the decision is stored with
   * it afterwards.
   */
  decide(question: Omit<RouteQuestion, 'connection'>): RouteAnswer;
  /** The connector's position in the data of the outside system. Set it only when everything before it is safe. */
  readonly cursor: {
    get(name: string): Promise<string | null>;
    set(name: string, value: string): Promise<void>;
  };
  reportState(health: ConnectionHealth, reason: Reason | null): void;
  /** Reports states of telephones (connectors of calls). */
  reportDevices(reports: readonly DeviceReport[]): void;
  /** Reports a queue of callers whenever it changes (connectors of calls). */
  reportQueue(state: QueueState): void;
  /** Counts what happened in a queue. */
  countQueue(event: QueueEvent): void;
  /** Reports that the client of a conversation is writing. Nothing is stored. */
  reportTyping(thread: string): void;
  /** Counts a message that is not shown, or whose contents are not known. */
  countUnread(one: UnreadMessage): void;
  /** The last snapshots of this connection's calls that had not ended, or still lacked a recording, when the program stopped. */
  openCalls(): Promise<readonly CallSnapshot[]>;
}
