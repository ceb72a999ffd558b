import type { Reason } from '../domain/base/reason.ts';
import { sameData } from '../domain/base/same-data.ts';
import { type ConnectionState, isWell, reasonOfState } from '../domain/ports/connection-state.ts';
import type { Store } from '../domain/ports/store.ts';
import { reason } from '../domain/reasons/reasons.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/log.ts';
import { Loop, type Loops } from '../runtime/loop.ts';
import { historyWeeks, judgeQuietLines, type QuietCalendar, type QuietLineRow } from './quiet-lines.ts';

/** An alarm that stands: a line or connection that is too quiet, a connection that is down, something in quarantine. */
export interface QuietAlarm {
  /** The same as long as the alarm stands. */
  readonly id: string;
  readonly kind: 'quiet-line' | 'quiet-connection' | 'connection-down' | 'quarantine';
  readonly line: string | null;
  readonly connection: string | null;
  /** RFC 3339. */
  readonly since: string;
  readonly expected: number | null;
  readonly seen: number | null;
  readonly probability: number | null;
  /** What is wrong with a connection, in English; null if unknown. */
  readonly reason: string | null;
  /** The same as a code. */
  readonly stateReason: Reason | null;
  /** Letters and messages that wait for a connection, or what is in quarantine of it. */
  readonly waiting: number | null;
}

/** What the monitor is built from. */
export interface QuietMonitorOptions {
  readonly read: Pick<Store['read'], 'hourCounts' | 'outboundWaiting' | 'quarantineCounts'>;
  readonly connections: () => readonly ConnectionState[];
  /** Asked for each look, as a SIGHUP may have changed it. */
  readonly calendar: () => QuietCalendar;
  readonly clock: Clock;
  readonly log: Logger;
  /** Told after each look and glance that changed anything. */
  readonly onChange: (alarms: readonly QuietAlarm[]) => void;
  /** Where the loop's health is seen. */
  readonly loops?: Loops;
}

/** What an alarm that is about no line's contacts leaves open. */
const ofNoLine = { line: null, expected: null, seen: null, probability: null } as const;

const week = 7 * 24 * 3600_000;
/** Between two glances at the connections, in milliseconds. */
const glanceEvery = 10_000;
/** Each so many glances is a look at all lines and their past: one in five minutes. */
const glancesEachLook = 30;
/** How long a connection that may come back by itself is away before that is an alarm, in milliseconds. */
const patience = 60_000;

/** Looks at all lines every few minutes and at the connections every few seconds; raises and clears alarms. */
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

  /** The alarms that stand now. */
  get alarms(): readonly QuietAlarm[] {
    return [...this.#alarms.values()];
  }

  start(): void {
    this.#loop.start();
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  /** Every line and connection beside its own past, the most suspicious first. */
  async report(): Promise<readonly QuietLineRow[]> {
    const { read, clock, calendar } = this.#options;
    const now = clock.now();
    const counts = await read.hourCounts(now - (historyWeeks + 1) * week);
    return [...judgeQuietLines(counts, now, calendar())].sort((a, b) => a.probability - b.probability);
  }

  /** One look at everything. Never rejects: when the store can't be read the alarms stay as they are. */
  look(): Promise<void> {
    return this.#unlessAway(this.#look());
  }

  /** A look at the connections alone, which asks the store for little. Never rejects. */
  glance(): Promise<void> {
    return this.#unlessAway(this.#glance());
  }

  async #unlessAway(looking: Promise<void>): Promise<void> {
    await looking.catch((error: unknown) => this.#report(error));
  }

  #report(error: unknown): void {
    this.#options.log.error({ err: error }, 'the alarms could not be looked for');
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
    // How much waits is news too.
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
      ...reasonOfState(null),
      waiting: null,
    };
  }

  async #quarantined(): Promise<readonly QuietAlarm[]> {
    const counts = await this.#options.read.quarantineCounts();
    return counts.map(({ connection, count, since }) => ({
      id: `quarantine:${connection}`,
      kind: 'quarantine',
      ...ofNoLine,
      connection,
      since: new Date(since).toISOString(),
      ...reasonOfState(reason('quarantined')),
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
    return down.map(({ connection, since, reason: why, stateReason }) => ({
      id: `connection-down:${connection}`,
      kind: 'connection-down',
      ...ofNoLine,
      connection,
      since: new Date(since).toISOString(),
      reason: why,
      stateReason,
      waiting: waiting.get(connection) ?? 0,
    }));
  }
}
