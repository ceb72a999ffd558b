import type { DeskAlarm } from '../../desk/protocol.ts';
import type { AccessSettings } from '../../domain/access/access.ts';

/** The window over which reading is counted, in milliseconds. */
export const readingWindow = 3_600_000;
/** Readers counted at a time. Beyond that, the oldest count is dropped. */
const maxReaders = 10_000;

/** A user who has read unusually much within an hour. */
export interface MassReader {
  readonly login: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
  readonly reads: number;
}

/** Alarms about the users who are reported now, for supervisors. */
export function massReadingAlarms({ reported }: Pick<ReadRate, 'reported'>): readonly DeskAlarm[] {
  return reported.map(({ login, since, reads }) => ({
    id: `mass-reading:${login}`,
    kind: 'mass-reading',
    line: null,
    connection: null,
    since: new Date(since).toISOString(),
    expected: null,
    seen: reads,
    probability: null,
    reason: login,
    waiting: null,
  }));
}

interface Counted {
  /** Milliseconds of the monotonic clock. */
  readonly until: number;
  readonly since: number;
  readonly ids: Set<string>;
  reported: boolean;
}

/**
 * Counts how many different clients and contacts each user reads within an hour. Somebody who copies the directory reads
 * page after page: such users are reported, and stopped at the limit.
 */
export class ReadRate {
  readonly #settings: () => AccessSettings['reads'];
  readonly #monotonic: () => number;
  readonly #readers = new Map<string, Counted>();

  /** `monotonic`: milliseconds of a clock that is never adjusted. */
  constructor(settings: () => AccessSettings['reads'], monotonic: () => number = () => performance.now()) {
    this.#settings = settings;
    this.#monotonic = monotonic;
  }

  /** Whether a user has reached the hourly limit. */
  isExhausted(login: string): boolean {
    return (this.#current(login)?.ids.size ?? 0) >= this.#settings().limit;
  }

  /** Counts what a user has read. Returns the reader when they are to be reported, once per window. */
  count(login: string, ids: readonly string[], now: number): MassReader | null {
    const reader = this.#current(login) ?? this.#begin(login, now);
    const { alarm, limit } = this.#settings();
    for (const id of ids) if (reader.ids.size < limit) reader.ids.add(id);
    if (reader.reported || reader.ids.size <= alarm) return null;
    reader.reported = true;
    return { login, since: reader.since, reads: reader.ids.size };
  }

  /** The users who are reported now. */
  get reported(): readonly MassReader[] {
    return [...this.#readers.keys()].flatMap((login) => {
      const reader = this.#current(login);
      return reader?.reported === true ? [{ login, since: reader.since, reads: reader.ids.size }] : [];
    });
  }

  #current(login: string): Counted | undefined {
    const reader = this.#readers.get(login);
    if (reader === undefined || reader.until > this.#monotonic()) return reader;
    this.#readers.delete(login);
    return undefined;
  }

  #begin(login: string, now: number): Counted {
    const [oldest] = this.#readers.keys();
    if (this.#readers.size >= maxReaders && oldest !== undefined) this.#readers.delete(oldest);
    const reader = { until: this.#monotonic() + readingWindow, since: now, ids: new Set<string>(), reported: false };
    this.#readers.set(login, reader);
    return reader;
  }
}
