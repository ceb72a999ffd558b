import type { SendingConnection } from '../api/deps.ts';
import type { Config, ModuleSettings } from '../config/config.ts';
import {
  type Connector,
  type ConnectorContext,
  hasTemplates,
  isMarker,
  isReplayer,
  type Marker,
} from '../connectors/contract.ts';
import { connectors, type RegisteredConnector } from '../connectors/registry.ts';
import { entryOf } from '../domain/base/entry-of.ts';
import type { Reason } from '../domain/base/reason.ts';
import { type CallAction, callActions } from '../domain/call/call-command.ts';
import type { DeviceReport } from '../domain/call/device.ts';
import type { Staff } from '../domain/directory/manager.ts';
import type { RawSource } from '../domain/interaction/quarantine.ts';
import type { TemplateList } from '../domain/outbound/template.ts';
import type { Blobs } from '../domain/ports/blobs.ts';
import {
  type ConnectionHealth,
  type ConnectionState,
  reasonOfState,
  sinceWhen,
} from '../domain/ports/connection-state.ts';
import { type HookReceiver, isHookReceiver } from '../domain/ports/hooks.ts';
import type { Store } from '../domain/ports/store.ts';
import type { Write } from '../domain/ports/writes.ts';
import { docsOf } from '../domain/reasons/docs.ts';
import { reason } from '../domain/reasons/reasons.ts';
import type { RouteAnswer, RouteQuestion } from '../domain/routing/routing.ts';
import { DeviceSharing } from '../intake/device-sharing.ts';
import { FencedEventError, type Intake } from '../intake/intake.ts';
import type { Quarantine } from '../intake/quarantine.ts';
import type { ConversationMarks } from '../outbound/conversation-marks.ts';
import { OutboundLoop } from '../outbound/outbound-loop.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Jobs } from '../runtime/jobs/job.ts';
import { Lease } from '../runtime/lease.ts';
import type { Logger } from '../runtime/log.ts';
import type { Loops } from '../runtime/loop.ts';
import type { ReleaseStack } from '../runtime/release-stack.ts';
import type { QueueBoard } from './queue-board.ts';
import { queueSender } from './queue-sender.ts';
import type { UnreadMessages } from './unread-messages.ts';

/** Dependencies of {@link Connections}. */
export interface ConnectionsParts {
  readonly config: Config;
  readonly store: Store;
  readonly intake: Intake;
  readonly blobs: Blobs;
  /** Parses letters in a thread. */
  readonly jobs: Jobs;
  readonly clock: Clock;
  readonly log: Logger;
  readonly loops: Loops;
  readonly staff: () => Staff;
  readonly quarantine: Quarantine;
  readonly onDevices: (reports: readonly DeviceReport[]) => void;
  readonly queues: Pick<QueueBoard, 'set' | 'count' | 'drop'>;
  readonly unread: Pick<UnreadMessages, 'count'>;
  readonly marks: Pick<ConversationMarks, 'answered'>;
  /** Decides where a call goes. */
  readonly decide: (question: RouteQuestion) => RouteAnswer;
  /** The client of a conversation is writing. */
  readonly onTyping: (thread: string) => void;
}

/** Runs the configured connections: their connectors, states and outbound queues. Part of the composition root. */
export class Connections {
  readonly #parts: ConnectionsParts;
  readonly #states = new Map<string, ConnectionState>();
  readonly #leases = new Map<string, Lease>();
  readonly #running = new Map<string, { readonly connector: Connector; readonly stopping: AbortController }>();
  /** Connectors that are never started. They accept webhooks that reach an instance which does not run the connection. */
  readonly #standby = new Map<string, Connector>();
  readonly #loops = new Map<string, OutboundLoop>();
  readonly #never = new AbortController();

  constructor(parts: ConnectionsParts) {
    this.#parts = parts;
  }

  /** The current state of each connection. */
  get states(): readonly ConnectionState[] {
    return [...this.#states.values()];
  }

  /** Requests the lease of every connection, and runs those it holds until they are released or another instance takes over. */
  start(releases: ReleaseStack): void {
    const { config, store, log } = this.#parts;
    for (const [name, settings] of Object.entries(config.connectors)) {
      const kind = kindOf(name, settings);
      this.#report(name, settings, 'connecting', null);
      this.#standby.set(name, kind.create(settings as never, this.#context(name, settings, null)));
      const lease = new Lease({
        name: leaseOf(name),
        leases: store.leases,
        log: log.child({ part: 'lease' }),
        continueInDoubt: kind.listens ?? false,
        onHeld: (epoch) => this.#begin(name, settings, epoch),
        onLost: () => this.#end(name),
        onOther: () => this.#report(name, settings, 'standby', reason('otherInstance')),
      });
      this.#leases.set(name, lease);
      lease.start();
    }
    releases.push('connections', async () => {
      await Promise.all([...this.#leases.values()].map((lease) => lease.stop()));
    });
  }

  /** Makes every sender look for queued messages now. */
  nudge(): void {
    for (const loop of this.#loops.values()) loop.nudge();
  }

  /** The receiver of a connection's webhooks, or null if it has none. */
  hookReceiver(connection: string): HookReceiver | null {
    const connector = this.#running.get(connection)?.connector ?? this.#standby.get(connection);
    return connector !== undefined && isHookReceiver(connector) ? connector : null;
  }

  /** The message templates of a connection, whichever instance runs it; null if it has none. */
  templates(connection: string, isFresh: boolean): Promise<TemplateList> | null {
    const connector = this.#running.get(connection)?.connector ?? this.#standby.get(connection);
    return connector !== undefined && hasTemplates(connector) ? connector.templates(isFresh) : null;
  }

  /** Replays what a connection put into quarantine, even if another instance runs it. Null if the connector can't replay. */
  replayer(connection: string): ((source: RawSource) => Promise<void>) | null {
    const connector = this.#standby.get(connection);
    return connector !== undefined && isReplayer(connector) ? (source) => connector.replay(source) : null;
  }

  /** Shows marks to the clients of a connection, even if another instance runs it. Null if the connector can't. */
  marker(connection: string): Marker | null {
    const connector = this.#running.get(connection)?.connector ?? this.#standby.get(connection);
    return connector !== undefined && isMarker(connector) ? connector : null;
  }

  /** The connections that can send according to the configuration, whichever instance runs them. */
  sending(): readonly SendingConnection[] {
    const { lines } = this.#parts.staff();
    return Object.entries(this.#parts.config.connectors).flatMap(([connection, settings]) => {
      const able = entryOf(connectors, settings.kind)?.sends ?? null;
      const sends = typeof able === 'function' ? able(settings as never) : able;
      if (sends === null) return [];
      const own = lines.filter((line) => line.connection === connection).map((line) => line.id);
      return [{ connection, ...sends, lines: own }];
    });
  }

  /** What the configured connections can do to calls under way. */
  controls(): readonly CallAction[] {
    const able = Object.values(this.#parts.config.connectors).flatMap(
      (settings) => entryOf(connectors, settings.kind)?.controls?.(settings as never) ?? [],
    );
    return callActions.filter((action) => able.includes(action));
  }

  /** Whether declined calls of a connection are passed on. If it is unknown (null), all connections with calls must allow it. */
  passesOnDeclined(connection: string | null): boolean {
    const answers = Object.entries(this.#parts.config.connectors)
      .filter(([name]) => connection === null || name === connection)
      .flatMap(([, settings]) => entryOf(connectors, settings.kind)?.passesOnDeclined?.(settings as never) ?? []);
    return answers.length > 0 && answers.every(Boolean);
  }

  async #begin(name: string, settings: ModuleSettings, epoch: number): Promise<void> {
    const stopping = new AbortController();
    const held = { epoch, signal: stopping.signal };
    this.#report(name, settings, 'connecting', null);
    const connector = kindOf(name, settings).create(settings as never, this.#context(name, settings, held));
    this.#running.set(name, { connector, stopping });
    try {
      await connector.start();
      this.#startSending(name, connector, epoch);
    } catch (error) {
      await this.#end(name);
      throw error;
    }
  }

  async #end(name: string): Promise<void> {
    const { connector, stopping } = this.#running.get(name) ?? {};
    this.#running.delete(name);
    this.#parts.queues.drop(name);
    await this.#loops.get(name)?.stop();
    this.#loops.delete(name);
    stopping?.abort();
    await connector?.stop();
  }

  #startSending(name: string, connector: Connector, epoch: number): void {
    const sender = queueSender(connector, ({ content }) => this.#parts.marks.answered(name, content.replyTo));
    if (sender === null) return;
    const { store, intake, clock, log, loops } = this.#parts;
    const fence = { lease: leaseOf(name), epoch };
    const loop = new OutboundLoop({
      connection: name,
      sender,
      read: store.read,
      // Only the start of a send is fenced. Once it started under the lease, its outcome counts even if the lease has moved on.
      apply: (writes) =>
        intake.apply(writes.map((write) => (write.op === 'begin-sending' ? { ...write, fence } : write))),
      clock,
      log: log.child({ part: 'outbound', connection: name }),
      loops,
    });
    loop.start();
    this.#loops.set(name, loop);
  }

  #report(name: string, { kind }: ModuleSettings, health: ConnectionHealth, why: Reason | null): void {
    const { clock, log } = this.#parts;
    const before = this.#states.get(name);
    const state = reasonOfState(why);
    if (before?.health === health && before.reason === state.reason) return;
    this.#states.set(name, { connection: name, kind, health, ...state, since: sinceWhen(before, health, clock.now()) });
    if (before === undefined) return;
    const docs = docsOf(why);
    log
      .child({ part: 'connector', connection: name })
      .info({ health, reason: state.reason, ...(docs !== null && { docs }) }, 'connection state changed');
  }

  /** `held` is the lease under which the connector runs; null for a standby connector that only accepts webhooks. */
  #context(
    name: string,
    settings: ModuleSettings,
    held: { readonly epoch: number; readonly signal: AbortSignal } | null,
  ): ConnectorContext {
    const { config, store, intake, clock, staff, blobs, jobs, quarantine, onDevices, queues, unread } = this.#parts;
    const log = this.#parts.log.child({ part: 'connector', connection: name });
    const fence = held === null ? {} : { fence: { lease: leaseOf(name), epoch: held.epoch } };
    const checkLease = () => this.#leases.get(name)?.check();
    const apply = async (writes: readonly Write[]) => {
      const results = await intake.apply(writes.map((write) => ({ ...write, ...fence })));
      if (results.some((result) => !result.ok && result.code === 'fenced')) checkLease();
      return results;
    };
    const sharing = new DeviceSharing(apply, log);
    return {
      connection: name,
      country: config.company.region,
      language: config.company.language,
      publicUrl: config.http.publicUrl,
      log,
      clock,
      staff,
      blobs,
      jobs,
      signal: held?.signal ?? this.#never.signal,
      emit: async (event, source) => {
        try {
          await quarantine.guard(event, source, () => intake.emit(event, fence.fence));
        } catch (error) {
          if (error instanceof FencedEventError) checkLease();
          throw error;
        }
      },
      quarantine: (source, error) => {
        log.error({ err: error }, 'incoming data could not be read; it is kept in quarantine');
        return quarantine.keepSource(name, source, error);
      },
      decide: (question) => this.#parts.decide({ ...question, connection: name }),
      cursor: {
        get: (cursor) => store.read.cursor(name, cursor),
        set: async (cursor, value) => void (await apply([{ op: 'cursor', connection: name, name: cursor, value }])),
      },
      reportState: (health, why) => {
        // A connector that was stopped because another instance has the connection has nothing more to say.
        if (held !== null && !held.signal.aborted) this.#report(name, settings, health, why);
      },
      reportDevices: (reports) => {
        onDevices(reports);
        sharing.report(reports);
      },
      reportQueue: (state) => queues.set(state),
      countQueue: (event) => queues.count(event),
      reportTyping: (thread) => this.#parts.onTyping(thread),
      countUnread: (one) => unread.count(name, one),
      openCalls: () => store.read.liveCalls(name),
    };
  }
}

function kindOf(name: string, settings: ModuleSettings): RegisteredConnector {
  const kind = entryOf(connectors, settings.kind);
  if (kind === undefined) throw new Error(`connectors.${name}.kind: unknown connector kind "${settings.kind}"`);
  return kind;
}

function leaseOf(connection: string): string {
  return `connection:${connection}`;
}
