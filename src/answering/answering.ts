import { type AsteriskConfig, agiPeersOf } from '../connectors/asterisk/schema.ts';
import { askedLineOf } from '../domain/call/asked-line.ts';
import type { DeviceReport, Presence } from '../domain/call/device.ts';
import type { Staff } from '../domain/directory/manager.ts';
import type { NumberRegion } from '../domain/directory/number-region.ts';
import { StaffIndex } from '../domain/directory/staff-index.ts';
import type { Store } from '../domain/ports/store.ts';
import type { RouteAnswer, RouteQuestion, RoutingPlan } from '../domain/routing/routing.ts';
import type { Intake } from '../intake/intake.ts';
import type { Check } from '../intake/store-check.ts';
import { DeviceStates } from '../router/device-states.ts';
import { dialString } from '../router/dial-string.ts';
import { presenceOf } from '../router/presence.ts';
import { summarise } from '../router/summary.ts';
import type { Logger } from '../runtime/log.ts';
import { sqlitePath } from '../store/open.ts';
import { answerQuestion } from './answer-question.ts';
import type { AgiListener, AnsweringMetrics } from './thread/messages.ts';
import { AnsweringThread } from './thread/thread-client.ts';

/** The part of the configuration that routing needs. */
export interface AnsweringConfig {
  readonly company: { readonly region: NumberRegion };
  readonly clients?: { readonly sources: readonly string[] };
  readonly store: { readonly url: string };
  readonly managers: Staff['managers'];
  readonly lines: Staff['lines'];
  readonly routing: RoutingPlan;
  /** Settings of all connections; telephony connections have `dial` and `agi`. */
  readonly connectors: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Dependencies of {@link Answering}. */
export interface AnsweringParts {
  readonly config: AnsweringConfig;
  readonly store: Pick<Store, 'directory' | 'read' | 'awaited'>;
  readonly intake: Intake;
  readonly log: Logger;
  /** Limit of simultaneous FastAGI connections over all listeners; 10,000 by default. */
  readonly maxConnections?: number;
}

/** The settings read from a connection with FastAGI. */
type AgiSettings = Pick<AsteriskConfig, 'ami' | 'numbers' | 'charset'> & Required<Pick<AsteriskConfig, 'agi'>>;

const defaultDial = 'PJSIP/{extension}';
/** How many decisions may wait for the store. During a long outage, a flood of questions must not fill the memory. */
export const maxWaiting = 10_000;
/** Milliseconds between two log lines about discarded decisions. */
const logInterval = 60_000;

/**
 * Decides where a call goes: in the thread that owns FastAGI, and on the main thread for REST and `explain`. A decision is
 * committed after the answer was given, so that the caller does not wait for the store.
 */
export class Answering {
  readonly #parts: AnsweringParts;
  readonly #devices = new DeviceStates();
  readonly #dials: ReadonlyMap<string, string>;
  readonly #listeners: readonly AgiListener[];
  readonly #turns = new Map<string, string>();
  #waiting = 0;
  /** Number of discarded decisions, and when they were last logged. */
  #lost = 0;
  #loggedAt = Number.NEGATIVE_INFINITY;
  #thread: AnsweringThread | null = null;
  #plan: RoutingPlan;
  #staff: StaffIndex;
  #managers: Staff['managers'];

  constructor(parts: AnsweringParts) {
    this.#parts = parts;
    const { config } = parts;
    this.#plan = config.routing;
    this.#staff = new StaffIndex(config, config.company.region);
    this.#managers = config.managers;
    this.#dials = new Map(
      Object.entries(config.connectors).map(([name, settings]) => [name, String(settings.dial ?? defaultDial)]),
    );
    this.#listeners = this.#listenersOf(parts);
  }

  /** Starts the thread if any connection has FastAGI. Rejects if a port is taken. */
  async start(): Promise<void> {
    const { config, store, log } = this.#parts;
    const turns = store.awaited === null ? await store.read.lastTurns() : {};
    for (const [group, manager] of Object.entries(turns)) this.#turns.set(group, manager);
    if (this.#listeners.length === 0) return;
    this.#thread = new AnsweringThread({
      database: sqlitePath(config.store.url),
      country: config.company.region,
      sources: config.clients?.sources ?? [],
      listeners: this.#listeners,
      plan: config.routing,
      staff: { managers: config.managers, lines: config.lines },
      turns,
      log,
    });
    this.#thread.events.on('asked', ({ question, answer }) => {
      this.keep(question, answer).catch((error: unknown) =>
        log.error({ err: error }, 'a routing decision could not be stored'),
      );
    });
    await this.#thread.start();
  }

  async stop(): Promise<void> {
    await this.#thread?.stop();
  }

  /** The FastAGI port of each connection. */
  get ports(): Readonly<Record<string, number>> {
    return this.#thread?.ports ?? {};
  }

  /** The thread's metrics; null without FastAGI or before the thread has reported any. */
  get metrics(): { readonly restarts: number; readonly thread: AnsweringMetrics | null } {
    return this.#thread?.metrics ?? { restarts: 0, thread: null };
  }

  /** Whether FastAGI is answered, for `/health/ready`. */
  check(): Check {
    if (this.#thread === null) return { name: 'routing', ok: true, reason: 'no connection has FastAGI' };
    const { trouble } = this.#thread;
    return { name: 'routing', ok: trouble === null, reason: trouble };
  }

  /** Answers on the main thread. If the question names its call, the decision is stored with that call. */
  answer(question: RouteQuestion): RouteAnswer {
    const { answer } = answerQuestion(question, {
      directory: this.#parts.store.directory,
      plan: this.#plan,
      staff: this.#staff,
      devices: this.#devices,
      turns: { last: (group) => this.#turns.get(group) ?? null },
    });
    if (question.call !== null) {
      this.keep(question, answer).catch((error: unknown) =>
        this.#parts.log.error({ err: error }, 'a routing decision could not be stored'),
      );
    }
    return answer;
  }

  /** The dial string of an answer; empty for the decisions `queue` and `default`. */
  dial(connection: string | null, answer: RouteAnswer): string {
    const template = connection === null ? [...this.#dials.values()][0] : this.#dials.get(connection);
    return dialString(answer, template ?? defaultDial);
  }

  /** Updates phone states on the main thread and the answering thread. */
  setDevices(reports: readonly DeviceReport[]): void {
    this.#devices.update(reports);
    this.#thread?.setDevices(reports);
  }

  /** Updates on both threads whose turn it was last in rotating groups, after another instance assigned it. */
  setTurns(turns: Readonly<Record<string, string>>): void {
    for (const [group, manager] of Object.entries(turns)) this.#turns.set(group, manager);
    this.#thread?.setTurns(turns);
  }

  /** What each manager is doing, according to their phones. */
  presence(): readonly Presence[] {
    return presenceOf(this.#managers, this.#devices);
  }

  /** Applies a changed routing plan, beginning with the next question. */
  reload(config: Pick<AnsweringConfig, 'routing' | 'managers' | 'lines' | 'company'>): void {
    const staff = { managers: config.managers, lines: config.lines };
    this.#plan = config.routing;
    this.#staff = new StaffIndex(staff, config.company.region);
    this.#managers = config.managers;
    this.#thread?.setPlan({ plan: config.routing, staff });
  }

  /** Stores a decision with its call, after the answer was given. Discards it if too many wait already; rejects if the store fails. */
  async keep(question: RouteQuestion, answer: RouteAnswer): Promise<void> {
    if (answer.turn !== null) {
      this.#turns.set(answer.turn.group, answer.turn.manager);
      this.#thread?.setTurns({ [answer.turn.group]: answer.turn.manager });
    }
    const { call, at } = question;
    if (call === null) return;
    if (this.#waiting >= maxWaiting) {
      this.#discard(at);
      return;
    }
    this.#waiting += 1;
    const { responsible, turn } = answer;
    const line = askedLineOf(question, this.#staff);
    try {
      await this.#parts.intake.apply([{ op: 'routed', call, route: summarise(answer), responsible, turn, line, at }]);
    } finally {
      this.#waiting -= 1;
    }
  }

  #listenersOf({ config, maxConnections = 10_000 }: AnsweringParts): readonly AgiListener[] {
    const answered = Object.entries(config.connectors).filter(([, settings]) => settings.agi !== undefined);
    return answered.map(([connection, settings]) => {
      const { agi, ami, numbers, charset } = settings as unknown as AgiSettings;
      return {
        connection,
        host: agi.host,
        port: agi.port,
        dial: this.#dials.get(connection) ?? defaultDial,
        numbers,
        charset,
        allow: agiPeersOf({ agi, ami }),
        maxConnections: Math.max(1, Math.floor(maxConnections / answered.length)),
      };
    });
  }

  #discard(now: number): void {
    this.#lost += 1;
    if (now - this.#loggedAt < logInterval) return;
    this.#loggedAt = now;
    this.#parts.log.error(
      { waiting: this.#waiting, lost: this.#lost },
      'routing decisions are discarded: the store can not keep up',
    );
  }
}
