import type { TSchema } from 'typebox';
import type { ConnectionHealth } from '../domain/connection-state.ts';
import type { CallSnapshot, ContactEvent } from '../domain/contact-event.ts';
import type { DeviceReport } from '../domain/device.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/log.ts';

/** What a kind of connector can do beyond telling what happens; each has a small interface of its own. */
export type Capability = 'calls' | 'call-control' | 'send' | 'webhooks' | 'backfill';

/**
 * A connector is a plain constant. `create` has no side effects: no socket, no timer, no file is touched
 * before `start`.
 */
export interface ConnectorDefinition<Config> {
  readonly kind: string;
  /** TypeBox schema of the connection's configuration; `Config` is what it validates to, defaults filled in. */
  readonly schema: TSchema;
  readonly capabilities: readonly Capability[];
  create(config: Config, context: ConnectorContext): Connector;
}

/** One configured connection at work. */
export interface Connector {
  /** Begins; resolves when running, not when connected: trouble with the outside is a state, not an exception. */
  start(): Promise<void>;
  /** Ends; may be called twice. What was emitted and not yet safe is awaited. */
  stop(): Promise<void>;
}

/** What a connector gets to work with. It knows nothing of clients, CRMs or the database. */
export interface ConnectorContext {
  /** The connection's name in the configuration. */
  readonly connection: string;
  /** The company's country, for numbers written without it. */
  readonly country: string;
  readonly log: Logger;
  readonly clock: Clock;
  /** Aborted when the program stops. */
  readonly signal: AbortSignal;
  /** Hands an event over; resolves when it is safe (committed). Rejects when it could not be: try again. */
  emit(event: ContactEvent): Promise<void>;
  /** Keeps the connector's place in the outside's own record. Set it only after what lies before it is safe. */
  readonly cursor: {
    get(name: string): Promise<string | null>;
    set(name: string, value: string): Promise<void>;
  };
  reportState(health: ConnectionHealth, reason: string | null): void;
  /** Tells what telephones are doing (connectors of calls). */
  reportDevices(reports: readonly DeviceReport[]): void;
  /** The last snapshots of this connection's calls that had not ended, or had a recording not found yet, when we stopped. */
  openCalls(): Promise<readonly CallSnapshot[]>;
}
