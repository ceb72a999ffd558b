import type { TSchema } from 'typebox';
import type { Reason } from '../domain/base/reason.ts';
import type { DeviceReport } from '../domain/call/device.ts';
import type { Staff } from '../domain/directory/manager.ts';
import type { CallSnapshot, ContactEvent } from '../domain/interaction/contact-event.ts';
import type { RawSource } from '../domain/interaction/quarantine.ts';
import type { Outbound, OutboundChannel, SendOutcome } from '../domain/outbound/outbound.ts';
import type { Blobs } from '../domain/ports/blobs.ts';
import type { ConnectionHealth } from '../domain/ports/connection-state.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Jobs } from '../runtime/jobs/job.ts';
import type { Logger } from '../runtime/log.ts';

/**
 * A connector is a plain constant. `create` has no side effects: no socket, no timer, no file is touched
 * before `start`.
 */
export interface ConnectorDefinition<Config> {
  readonly kind: string;
  /** TypeBox schema of the connection's configuration; `Config` is what it validates to, defaults filled in. */
  readonly schema: TSchema;
  /** What it can send; null if it only receives. Its connector is a {@link Sender}. */
  readonly sends: Sends | null | ((config: Config) => Sends | null);
  /**
   * It only listens, so two instances at once do no harm: it keeps running while the store is away and the lease holder is unknown, and its
   * events wait. Other connectors are stopped before another instance may begin.
   */
  readonly listens?: true;
  create(config: Config, context: ConnectorContext): Connector;
}

/** The channel on which a connector sends, and the identifier it needs to begin a conversation. */
export interface Sends {
  readonly channel: OutboundChannel;
  /** `account`: only people who have written to us before. */
  readonly to: 'email' | 'phone' | 'account';
  /** Its own address, if any: managers write from the connection whose address is theirs. */
  readonly address?: string;
}

/** One configured connection at work. */
export interface Connector {
  /** Starts; resolves when running, not when connected. Trouble with the outside is a state, not an exception. */
  start(): Promise<void>;
  /** Stops, after emitted events are safe; may be called twice. */
  stop(): Promise<void>;
}

/** A connector that sends. Only the lease holder of the connection calls it, one contact at a time. */
export interface Sender {
  /**
   * Sends one letter or message, which is recorded as being sent already. Trouble of the outside is an outcome. Exceptions count as
   * `uncertain`, as it is unknown how far the sending got. The outbound's id identifies repeats.
   */
  send(outbound: Outbound, signal: AbortSignal): Promise<SendOutcome>;
  /** After a crash: whether a contact went out. `retry` if it did not or a repeat does no harm, `uncertain` if unknown. */
  confirm(outbound: Outbound, signal: AbortSignal): Promise<SendOutcome>;
}

/** A connector that can read sources in quarantine again. */
export interface Replayer {
  /** Takes a source in, even if it has been taken in before. Rejects if that fails. */
  replay(source: RawSource): Promise<void>;
}

/** Whether a connector can read sources in quarantine again. */
export function isReplayer(connector: object): connector is Replayer {
  return 'replay' in connector;
}

/** Whether a connector can send. */
export function isSender(connector: object): connector is Sender {
  return 'send' in connector && 'confirm' in connector;
}

/** The environment of a connector, which knows nothing of clients, CRMs or the database. */
export interface ConnectorContext {
  /** The connection's name in the configuration. */
  readonly connection: string;
  /** The company's country, for numbers written without it. */
  readonly country: string;
  readonly log: Logger;
  readonly clock: Clock;
  /** Our current managers and lines, to recognise our own addresses. */
  readonly staff: () => Staff;
  /** The public root URL of this program, without a trailing slash. */
  readonly publicUrl: string;
  /** Storage of attachments, which are stored before their event is emitted. */
  readonly blobs: Blobs;
  /** Parses outside input within a deadline, away from the main thread. */
  readonly jobs: Jobs;
  /** Aborted when the program stops or loses the connection's lease. */
  readonly signal: AbortSignal;
  /**
   * Hands an event over. Resolves when it is safe: committed, or in quarantine (with its source, if given) if the store refuses it. Rejects
   * if neither is possible; the connector retries.
   */
  emit(event: ContactEvent, source?: RawSource): Promise<void>;
  /** Keeps a source that could not be read by a fault of ours. Resolves when it is safe, and the cursor may move on. */
  quarantine(source: RawSource, error: unknown): Promise<void>;
  /** The connector's place in the service's record. It moves on only when everything before it is safe. */
  readonly cursor: {
    get(name: string): Promise<string | null>;
    set(name: string, value: string): Promise<void>;
  };
  reportState(health: ConnectionHealth, reason: Reason | null): void;
  /** Reports states of telephones (connectors of calls). */
  reportDevices(reports: readonly DeviceReport[]): void;
  /** The last snapshots of this connection's unfinished calls: still live, or with a missing recording. */
  openCalls(): Promise<readonly CallSnapshot[]>;
}
