import { sameData } from '../domain/base/same-data.ts';
import { type ConnectionState, isWell } from '../domain/ports/connection-state.ts';
import type { Store } from '../domain/ports/store.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/log.ts';
import { Loop, type Loops } from '../runtime/loop.ts';
import { historyWeeks, judgeQuietLines, type QuietCalendar, type QuietLineRow } from './quiet-lines.ts';

/** An active alarm: a line or connection is too quiet, a connection is down, or contacts are in quarantine. */
export interface QuietAlarm {
  /** Stays the same as long as the alarm is active. */
  readonly id: string;
  readonly kind: 'quiet-line' | 'quiet-connection' | 'connection-down' | 'quarantine';
  readonly line: string | null;
  readonly connection: string | null;
  /** RFC 3339. */
  readonly since: string;
  readonly expected: number | null;
  readonly seen: number | null;
  readonly probability: number | null;
  /** What is wrong with a connection, or null if unknown. */
  readonly reason: string | null;
  /** The number of messages waiting for a connection, or of its contacts in quarantine. */
  readonly waiting: number | null;
}

/** Dependencies and settings of the monitor. */
export interface QuietMonitorOptions {
  readonly read: Pick<Store['read'], 'hourCounts' | 'outboundWaiting' | 'quarantineCounts'>;
  readonly connections: () => readonly ConnectionState[];
  /** Called for each check, because a SIGHUP may change the calendar. */
  readonly calendar: () => QuietCalendar;
  readonly clock: Clock;
  readonly log: Logger;
  /** Called after each check that changed an alarm. */
  readonly onChange: (alarms: readonly QuietAlarm[]) => void;
  /** Registry that reports the health of background loops. */
  readonly loops?: Loops;
}

/** Fields that only alarms about a quiet line fill in. */
const noLineFields = { line: null, expected: null, seen: null, probability: null } as const;

const week = 7 * 24 * 3600_000;
/** Milliseconds between two checks of the connections. */
const glanceEvery = 10_000;
/** Every how many checks all lines are judged as well: once in five minutes. */
const glancesEachLook = 30;
/** How long a connection that may recover by itself can be down before an alarm is raised, in milliseconds. */
const patience = 60_000;

/** Judges all lines every few minutes, checks the connections every few seconds, and raises and clears alarms. */
export class QuietMonitor {
  readonly #options: QuietMonitorOptions;
  #alarms: ReadonlyMap<string, QuietAlarm> = new Map();
  readonly #loop: Loop;
  #glances = 0;

  constructor(options: QuietMonitorOptions) {
    this.#options = options;
    this.#loop = new Loop({
      name: 'quiet lines',
      loops: options.loops,
      round: async () => {
        await (this.#glances++ % glancesEachLook === 0 ? this.#look() : this.#glance());
        return glanceEvery;
      },
      backoff: { min: glanceEvery, max: glanceEvery },
      onTrouble: (error) => this.#report(error),
    });
  }

  /** The active alarms. */
  get alarms(): readonly QuietAlarm[] {
    return [...this.#alarms.values()];
  }

  start(): void {
    this.#loop.start();
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  /** All lines and connections compared with their own past, most suspicious first. */
  async report(): Promise<readonly QuietLineRow[]> {
    const { read, clock, calendar } = this.#options;
    const now = clock.now();
    const counts = await read.hourCounts(now - (historyWeeks + 1) * week);
    return [...judgeQuietLines(counts, now, calendar())].sort((a, b) => a.probability - b.probability);
  }

  /** Checks everything once. Never rejects: if the store cannot be read, the alarms stay as they are. */
  look(): Promise<void> {
    return this.#unlessAway(this.#look());
  }

  /** Checks only connections and quarantine, which needs few queries. Never rejects. */
  glance(): Promise<void> {
    return this.#unlessAway(this.#glance());
  }

  async #unlessAway(looking: Promise<void>): Promise<void> {
    await looking.catch((error: unknown) => this.#report(error));
  }

  #report(error: unknown): void {
    this.#options.log.error({ err: error }, 'could not check for alarms');
  }

  async #look(): Promise<void> {
    const rows = await this.report();
    const quiet = rows.filter((row) => row.quiet).map((row) => this.#quiet(row));
    this.#settle([...quiet, ...(await this.#down()), ...(await this.#quarantined())]);
  }

  async #glance(): Promise<void> {
    const quiet = this.alarms.filter(({ kind }) => kind === 'quiet-line' || kind === 'quiet-connection');
    this.#settle([...quiet, ...(await this.#down()), ...(await this.#quarantined())]);
  }

  #settle(found: readonly QuietAlarm[]): void {
    const { log, onChange } = this.#options;
    const before = this.#alarms;
    this.#alarms = new Map(
      found.map((alarm) => [alarm.id, { ...alarm, since: before.get(alarm.id)?.since ?? alarm.since }]),
    );
    const raised = this.alarms.filter((alarm) => !before.has(alarm.id));
    const cleared = [...before.values()].filter((alarm) => !this.#alarms.has(alarm.id));
    for (const { kind, line, connection, since } of raised)
      log.warn({ kind, line, connection, since }, 'an alarm was raised');
    for (const { kind, line, connection } of cleared) log.info({ kind, line, connection }, 'an alarm was cleared');
    // A changed number of waiting messages is reported too.
    if (!sameData([...before.values()], this.alarms)) onChange(this.alarms);
  }

  #quiet({ line, connection, since, expected, seen, probability }: QuietLineRow): QuietAlarm {
    const kind = line === null ? 'quiet-connection' : 'quiet-line';
    return {
      id: `${kind}:${connection ?? ''}/${line ?? ''}`,
      kind,
      line,
      connection,
      since,
      expected,
      seen,
      probability,
      reason: null,
      waiting: null,
    };
  }

  async #quarantined(): Promise<readonly QuietAlarm[]> {
    const counts = await this.#options.read.quarantineCounts();
    return counts.map(({ connection, count, since }) => ({
      id: `quarantine:${connection}`,
      kind: 'quarantine',
      ...noLineFields,
      connection,
      since: new Date(since).toISOString(),
      reason: 'some contacts could not be stored; they are kept and will be retried',
      waiting: count,
    }));
  }

  async #down(): Promise<readonly QuietAlarm[]> {
    const { read, connections, clock } = this.#options;
    const down = connections().filter(
      ({ health, since }) => health === 'failed' || (!isWell(health) && clock.now() - since >= patience),
    );
    if (down.length === 0) return [];
    const waiting = new Map((await read.outboundWaiting()).map(({ connection, count }) => [connection, count]));
    return down.map(({ connection, since, reason }) => ({
      id: `connection-down:${connection}`,
      kind: 'connection-down',
      ...noLineFields,
      connection,
      since: new Date(since).toISOString(),
      reason,
      waiting: waiting.get(connection) ?? 0,
    }));
  }
}
