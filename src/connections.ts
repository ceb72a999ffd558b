import type { SendingConnection } from './api/deps.ts';
import type { Config, ModuleSettings } from './config/config.ts';
import {
  type Connector,
  type ConnectorContext,
  type HookReceiver,
  isHookReceiver,
  isSender,
} from './connectors/contract.ts';
import { connectors, type RegisteredConnector } from './connectors/registry.ts';
import type { Blobs } from './domain/blobs.ts';
import type { ConnectionState } from './domain/connection-state.ts';
import type { DeviceReport } from './domain/device.ts';
import type { Staff } from './domain/manager.ts';
import type { Store } from './domain/store-port.ts';
import { DeviceSharing } from './intake/device-sharing.ts';
import type { Intake } from './intake/intake.ts';
import { OutboundLoop } from './outbound/outbound-loop.ts';
import type { Clock } from './runtime/clock.ts';
import type { Logger } from './runtime/log.ts';
import type { ReleaseStack } from './runtime/release-stack.ts';

/** What the connections work with. */
export interface ConnectionsParts {
  readonly config: Config;
  readonly store: Store;
  readonly intake: Intake;
  readonly blobs: Blobs;
  readonly clock: Clock;
  readonly log: Logger;
  readonly staff: () => Staff;
  readonly onDevices: (reports: readonly DeviceReport[]) => void;
}

/** The configured connections at work: their connectors, their states, and what each has to send. Part of the composition root. */
export class Connections {
  readonly #parts: ConnectionsParts;
  readonly #states = new Map<string, ConnectionState>();
  readonly #running = new Map<string, Connector>();
  readonly #loops = new Map<string, OutboundLoop>();
  readonly #stopping = new AbortController();

  constructor(parts: ConnectionsParts) {
    this.#parts = parts;
  }

  /** How each connection fares. */
  get states(): readonly ConnectionState[] {
    return [...this.#states.values()];
  }

  /** Starts every connection in the order of the configuration; what was started is stopped by `releases`. */
  async start(releases: ReleaseStack): Promise<void> {
    const { config, clock } = this.#parts;
    for (const [name, settings] of Object.entries(config.connectors)) {
      const kind = kindOf(name, settings);
      this.#states.set(name, {
        connection: name,
        kind: settings.kind,
        health: 'connecting',
        reason: null,
        since: clock.now(),
      });
      const connector = kind.create(settings as never, this.#context(name, settings));
      await connector.start();
      this.#running.set(name, connector);
      releases.push(`connector ${name}`, () => connector.stop());
      this.#startSending(name, connector, releases);
    }
    releases.push('signal', () => this.#stopping.abort());
  }

  /** There may be something new to send. */
  nudge(): void {
    for (const loop of this.#loops.values()) loop.nudge();
  }

  /** Who takes a connection's webhooks, or null. */
  hookReceiver(connection: string): HookReceiver | null {
    const connector = this.#running.get(connection);
    return connector !== undefined && isHookReceiver(connector) ? connector : null;
  }

  /** The connections that can send, by the configuration alone: whichever instance holds them. */
  sending(): readonly SendingConnection[] {
    const { lines } = this.#parts.staff();
    return Object.entries(this.#parts.config.connectors).flatMap(([connection, settings]) => {
      const sends = connectors[settings.kind]?.sends ?? null;
      if (sends === null) return [];
      const own = lines.filter((line) => line.connection === connection).map((line) => line.id);
      return [{ connection, ...sends, lines: own }];
    });
  }

  #startSending(name: string, connector: Connector, releases: ReleaseStack): void {
    if (!isSender(connector)) return;
    const { store, intake, clock, log } = this.#parts;
    const loop = new OutboundLoop({
      connection: name,
      sender: connector,
      read: store.read,
      apply: (writes) => intake.apply(writes),
      clock,
      log: log.child({ part: 'outbound', connection: name }),
    });
    loop.start();
    this.#loops.set(name, loop);
    releases.push(`outbound ${name}`, () => loop.stop());
  }

  #context(name: string, settings: ModuleSettings): ConnectorContext {
    const { config, store, intake, clock, staff, blobs, onDevices } = this.#parts;
    const log = this.#parts.log.child({ part: 'connector', connection: name });
    const sharing = new DeviceSharing((writes) => intake.apply(writes), log);
    return {
      connection: name,
      country: config.company.country,
      publicUrl: config.http.publicUrl,
      log,
      clock,
      staff,
      blobs,
      signal: this.#stopping.signal,
      emit: (event) => intake.emit(event),
      cursor: {
        get: (cursor) => store.read.cursor(name, cursor),
        set: async (cursor, value) =>
          void (await intake.apply([{ op: 'cursor', connection: name, name: cursor, value }])),
      },
      reportState: (health, reason) => {
        const before = this.#states.get(name);
        if (before?.health === health && before.reason === reason) return;
        this.#states.set(name, { connection: name, kind: settings.kind, health, reason, since: clock.now() });
        log.info({ health, reason }, 'the connection changed its state');
      },
      reportDevices: (reports) => {
        onDevices(reports);
        sharing.report(reports);
      },
      openCalls: () => store.read.liveCalls(name),
    };
  }
}

function kindOf(name: string, settings: ModuleSettings): RegisteredConnector {
  const kind = connectors[settings.kind];
  if (kind === undefined) throw new Error(`connectors.${name}.kind: there is no connector "${settings.kind}"`);
  return kind;
}
