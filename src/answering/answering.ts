import { type AsteriskConfig, allowedToAsk } from '../connectors/asterisk/schema.ts';
import type { DeviceReport, Presence } from '../domain/call/device.ts';
import type { Staff } from '../domain/directory/manager.ts';
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

/** The part of the configuration that answering needs. */
export interface AnsweringConfig {
  readonly company: { readonly country: string };
  readonly clients?: { readonly sources: readonly string[] };
  readonly store: { readonly url: string };
  readonly managers: Staff['managers'];
  readonly lines: Staff['lines'];
  readonly routing: RoutingPlan;
  /** Settings of connections; those of calls have `dial` and `agi`. */
  readonly connectors: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** What it works with. */
export interface AnsweringParts {
  readonly config: AnsweringConfig;
  readonly store: Pick<Store, 'directory' | 'read' | 'awaited'>;
  readonly intake: Intake;
  readonly log: Logger;
  /** FastAGI connections at a time, of all listeners together; 10 000 by default. */
  readonly maxConnections?: number;
}

/** The settings that answering reads of a connection with FastAGI. */
type AskedSettings = Pick<AsteriskConfig, 'ami'> & Required<Pick<AsteriskConfig, 'agi'>>;

const anyDial = 'PJSIP/{extension}';
/** Decisions that wait for the store at the most: it may be away for long, and a flood of questions must not fill the memory. */
export const mostWaiting = 10_000;
/** Milliseconds between two lines of the log about those that are let go. */
const quiet = 60_000;

/**
 * Everything that answers "where does this call go": the thread that owns FastAGI, and the same decision on the main
 * thread for REST and `explain`. Decisions are committed after they were given.
 */
export class Answering {
  readonly #parts: AnsweringParts;
  readonly #devices = new DeviceStates();
  readonly #dials: ReadonlyMap<string, string>;
  readonly #listeners: readonly AgiListener[];
  readonly #turns = new Map<string, string>();
  #waiting = 0;
  /** Decisions that were not kept, and when that was told last. */
  #lost = 0;
  #toldAt = Number.NEGATIVE_INFINITY;
  #thread: AnsweringThread | null = null;
  #plan: RoutingPlan;
  #staff: StaffIndex;
  #managers: Staff['managers'];

  constructor(parts: AnsweringParts) {
    this.#parts = parts;
    const { config } = parts;
    this.#plan = config.routing;
    this.#staff = new StaffIndex(config, config.company.country);
    this.#managers = config.managers;
    this.#dials = new Map(
      Object.entries(config.connectors).map(([name, settings]) => [name, String(settings.dial ?? anyDial)]),
    );
    this.#listeners = this.#listenersOf(parts);
  }

  /** Starts the thread, where any connection has FastAGI. Rejects when a port is taken. */
  async start(): Promise<void> {
    const { config, store, log } = this.#parts;
    const turns = store.awaited === null ? await store.read.lastTurns() : {};
    for (const [group, manager] of Object.entries(turns)) this.#turns.set(group, manager);
    if (this.#listeners.length === 0) return;
    this.#thread = new AnsweringThread({
      database: sqlitePath(config.store.url),
      country: config.company.country,
      sources: config.clients?.sources ?? [],
      listeners: this.#listeners,
      plan: config.routing,
      staff: { managers: config.managers, lines: config.lines },
      turns,
      log,
    });
    this.#thread.events.on('asked', ({ question, answer }) => {
      this.keep(question, answer).catch((error: unknown) => log.error({ err: error }, 'a decision could not be kept'));
    });
    await this.#thread.start();
  }

  async stop(): Promise<void> {
    await this.#thread?.stop();
  }

  /** The port each connection's FastAGI is reached on. */
  get ports(): Readonly<Record<string, number>> {
    return this.#thread?.ports ?? {};
  }

  /** The thread's numbers; null without FastAGI or before the first. */
  get metrics(): { readonly restarts: number; readonly thread: AnsweringMetrics | null } {
    return this.#thread?.metrics ?? { restarts: 0, thread: null };
  }

  /** Whether FastAGI is answered, for `/health/ready`. */
  check(): Check {
    if (this.#thread === null) return { name: 'routing', ok: true, reason: 'no connection has FastAGI' };
    const { trouble } = this.#thread;
    return { name: 'routing', ok: trouble === null, reason: trouble };
  }

  /** Answers on the main thread; what was asked with its call is kept with it. */
  answer(question: RouteQuestion): RouteAnswer {
    const { answer } = answerQuestion(question, {
      directory: this.#parts.store.directory,
      country: this.#parts.config.company.country,
      plan: this.#plan,
      staff: this.#staff,
      devices: this.#devices,
      turns: { last: (group) => this.#turns.get(group) ?? null },
    });
    if (question.call !== null) {
      this.keep(question, answer).catch((error: unknown) =>
        this.#parts.log.error({ err: error }, 'a decision could not be kept'),
      );
    }
    return answer;
  }

  /** The dial string of an answer; empty for queue and default. */
  dial(connection: string | null, answer: RouteAnswer): string {
    const template = connection === null ? [...this.#dials.values()][0] : this.#dials.get(connection);
    return dialString(answer, template ?? anyDial);
  }

  /** Tells both sides what telephones are doing. */
  setDevices(reports: readonly DeviceReport[]): void {
    this.#devices.update(reports);
    this.#thread?.setDevices(reports);
  }

  /** Tells both sides whose turn it was last in rotating groups, where another instance gave it. */
  setTurns(turns: Readonly<Record<string, string>>): void {
    for (const [group, manager] of Object.entries(turns)) this.#turns.set(group, manager);
    this.#thread?.setTurns(turns);
  }

  /** What every manager is doing, by his telephones. */
  presence(): readonly Presence[] {
    return presenceOf(this.#managers, this.#devices);
  }

  /** Takes up a changed plan; the next question is answered by it. */
  reload(config: Pick<AnsweringConfig, 'routing' | 'managers' | 'lines' | 'company'>): void {
    const staff = { managers: config.managers, lines: config.lines };
    this.#plan = config.routing;
    this.#staff = new StaffIndex(staff, config.company.country);
    this.#managers = config.managers;
    this.#thread?.setPlan({ plan: config.routing, staff });
  }

  /** Commits a decision with its call, after it was given. Rejects when it could not be kept; where too many wait for that it is let go. */
  async keep(question: RouteQuestion, answer: RouteAnswer): Promise<void> {
    if (answer.turn !== null) {
      this.#turns.set(answer.turn.group, answer.turn.manager);
      this.#thread?.setTurns({ [answer.turn.group]: answer.turn.manager });
    }
    const { call, at } = question;
    if (call === null) return;
    if (this.#waiting >= mostWaiting) {
      this.#letGo(at);
      return;
    }
    this.#waiting += 1;
    const { responsible, turn } = answer;
    try {
      await this.#parts.intake.apply([{ op: 'routed', call, route: summarise(answer), responsible, turn, at }]);
    } finally {
      this.#waiting -= 1;
    }
  }

  #listenersOf({ config, maxConnections = 10_000 }: AnsweringParts): readonly AgiListener[] {
    const asked = Object.entries(config.connectors).filter(([, settings]) => settings.agi !== undefined);
    return asked.map(([connection, settings]) => {
      const { agi, ami } = settings as unknown as AskedSettings;
      return {
        connection,
        host: agi.host,
        port: agi.port,
        dial: this.#dials.get(connection) ?? anyDial,
        allow: allowedToAsk({ agi, ami }),
        maxConnections: Math.max(1, Math.floor(maxConnections / asked.length)),
      };
    });
  }

  #letGo(now: number): void {
    this.#lost += 1;
    if (now - this.#toldAt < quiet) return;
    this.#toldAt = now;
    this.#parts.log.error(
      { waiting: this.#waiting, lost: this.#lost },
      'decisions are given and not kept: the store lags behind',
    );
  }
}
