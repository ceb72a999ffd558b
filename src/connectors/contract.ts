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
  /** What it can write to whom; null for one that only hears. Its connector is a {@link Sender}. */
  readonly sends: Sends | null | ((config: Config) => Sends | null);
  /**
   * It only listens: two at once do no harm, so that it goes on while the store can't say who holds the connection, and what
   * it heard waits. Else it is stopped before another instance may begin.
   */
  readonly listens?: true;
  create(config: Config, context: ConnectorContext): Connector;
}

/** What a kind of connector writes or calls, and what it must know of the other side to begin a conversation. */
export interface Sends {
  readonly channel: OutboundChannel;
  /** `account`: only who has written to us before, by the account it was written from. */
  readonly to: 'email' | 'phone' | 'account';
  /** Its own address, where it has one: a manager writes first from the one that is his own. */
  readonly address?: string;
}

/** One configured connection at work. */
export interface Connector {
  /** Begins; resolves when running, not when connected: trouble with the outside is a state, not an exception. */
  start(): Promise<void>;
  /** Ends; may be called twice. What was emitted and not yet safe is awaited. */
  stop(): Promise<void>;
}

/** A connector that writes to the outside. It is called by nobody but the holder of the connection, one at a time. */
export interface Sender {
  /**
   * Sends one letter or message; that it is being sent is written down already. Trouble of the outside is an outcome; what is
   * thrown counts as `uncertain`, for nobody knows then how far it came. The outbound's id tells repeats apart.
   */
  send(outbound: Outbound, signal: AbortSignal): Promise<SendOutcome>;
  /** After a crash: whether what was being sent went out. `retry` where it did not or a repeat does no harm, `uncertain` where it can't be told. */
  confirm(outbound: Outbound, signal: AbortSignal): Promise<SendOutcome>;
}

/** A connector that can read again what it put into quarantine. */
export interface Replayer {
  /** Takes a source in, whatever has been taken in before. Rejects where that fails. */
  replay(source: RawSource): Promise<void>;
}

/** Whether a connector can read again what is in quarantine. */
export function isReplayer(connector: object): connector is Replayer {
  return 'replay' in connector;
}

/** Whether a connector can send. */
export function isSender(connector: object): connector is Sender {
  return 'send' in connector && 'confirm' in connector;
}

/** What a connector gets to work with. It knows nothing of clients, CRMs or the database. */
export interface ConnectorContext {
  /** The connection's name in the configuration. */
  readonly connection: string;
  /** The company's country, for numbers written without it. */
  readonly country: string;
  readonly log: Logger;
  readonly clock: Clock;
  /** Our managers and lines as they are now: which addresses are our own. */
  readonly staff: () => Staff;
  /** Where the outside reaches this program, without a slash at the end. */
  readonly publicUrl: string;
  /** Where attachments go before the event that names them is emitted. */
  readonly blobs: Blobs;
  /** Reads what outsiders wrote, within a deadline and away from the main thread. */
  readonly jobs: Jobs;
  /** Aborted when the program stops, or another instance has the connection. */
  readonly signal: AbortSignal;
  /**
   * Hands an event over; resolves when it is safe: committed, or in quarantine (with its source, where given) when the store
   * refuses it. Rejects when neither could be done: try again.
   */
  emit(event: ContactEvent, source?: RawSource): Promise<void>;
  /** Keeps what a fault of ours kept from becoming an event. Resolves when that is safe: the connector's place may pass it. */
  quarantine(source: RawSource, error: unknown): Promise<void>;
  /** Keeps the connector's place in the outside's own record. Set it only after what lies before it is safe. */
  readonly cursor: {
    get(name: string): Promise<string | null>;
    set(name: string, value: string): Promise<void>;
  };
  reportState(health: ConnectionHealth, reason: Reason | null): void;
  /** Tells what telephones are doing (connectors of calls). */
  reportDevices(reports: readonly DeviceReport[]): void;
  /** The last snapshots of this connection's calls that had not ended, or had a recording not found yet, when we stopped. */
  openCalls(): Promise<readonly CallSnapshot[]>;
}
