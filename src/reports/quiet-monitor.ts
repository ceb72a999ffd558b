import type { ConnectionState } from '../domain/connection-state.ts';
import type { Store } from '../domain/store-port.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/log.ts';
import { historyWeeks, judgeQuietLines, type QuietCalendar, type QuietLineRow } from './quiet-lines.ts';

/** An alarm that stands: a line or connection that is too quiet, or a connection that is down. */
export interface QuietAlarm {
  /** The same as long as the alarm stands. */
  readonly id: string;
  readonly kind: 'quiet-line' | 'quiet-connection' | 'connection-down';
  readonly line: string | null;
  readonly connection: string | null;
  /** RFC 3339. */
  readonly since: string;
  readonly expected: number | null;
  readonly seen: number | null;
  readonly probability: number | null;
}

/** What the monitor is built from. */
export interface QuietMonitorOptions {
  readonly read: Pick<Store['read'], 'hourCounts'>;
  readonly connections: () => readonly ConnectionState[];
  /** Asked for each look, as a SIGHUP may have changed it. */
  readonly calendar: () => QuietCalendar;
  readonly clock: Clock;
  readonly log: Logger;
  /** Told after each look that changed anything. */
  readonly onChange: (alarms: readonly QuietAlarm[]) => void;
  /** Milliseconds between two looks; 5 minutes unless told. */
  readonly every?: number;
  /** How long a connection may be away before that is an alarm, in milliseconds; 5 minutes unless told. */
  readonly patience?: number;
}

const week = 7 * 24 * 3600_000;

/** Looks at all lines and connections every few minutes; raises and clears alarms. */
export class QuietMonitor {
  readonly #options: QuietMonitorOptions;
  #alarms: ReadonlyMap<string, QuietAlarm> = new Map();
  #timer: NodeJS.Timeout | null = null;

  constructor(options: QuietMonitorOptions) {
    this.#options = options;
  }

  /** The alarms that stand now. */
  get alarms(): readonly QuietAlarm[] {
    return [...this.#alarms.values()];
  }

  start(): void {
    void this.look();
    this.#timer = setInterval(() => void this.look(), this.#options.every ?? 5 * 60_000);
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  /** Every line and connection beside its own past, the most suspicious first. */
  async report(): Promise<readonly QuietLineRow[]> {
    const { read, clock, calendar } = this.#options;
    const now = clock.now();
    const counts = await read.hourCounts(now - (historyWeeks + 1) * week);
    return [...judgeQuietLines(counts, now, calendar())].sort((a, b) => a.probability - b.probability);
  }

  /** One look. Never rejects: when the store can't be read the alarms stay as they are. */
  async look(): Promise<void> {
    const { log, onChange } = this.#options;
    try {
      const rows = await this.report();
      const found = [...rows.filter((row) => row.quiet).map((row) => this.#quiet(row)), ...this.#down()];
      const before = this.#alarms;
      this.#alarms = new Map(
        found.map((alarm) => [alarm.id, { ...alarm, since: before.get(alarm.id)?.since ?? alarm.since }]),
      );
      const raised = this.alarms.filter((alarm) => !before.has(alarm.id));
      const cleared = [...before.values()].filter((alarm) => !this.#alarms.has(alarm.id));
      for (const { kind, line, connection, since } of raised)
        log.warn({ kind, line, connection, since }, 'an alarm was raised');
      for (const { kind, line, connection } of cleared) log.info({ kind, line, connection }, 'an alarm was cleared');
      if (raised.length + cleared.length > 0) onChange(this.alarms);
    } catch (error) {
      log.error({ err: error }, 'the quiet lines could not be looked for');
    }
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
    };
  }

  #down(): readonly QuietAlarm[] {
    const { connections, clock, patience = 5 * 60_000 } = this.#options;
    return connections()
      .filter(
        ({ health, since }) => (health === 'failed' || health === 'connecting') && clock.now() - since >= patience,
      )
      .map(({ connection, since }) => ({
        id: `connection-down:${connection}`,
        kind: 'connection-down',
        line: null,
        connection,
        since: new Date(since).toISOString(),
        expected: null,
        seen: null,
        probability: null,
      }));
  }
}
