import type { DeskAlarm } from '../../desk/protocol.ts';
import type { AccessSettings } from '../../domain/access/access.ts';

/** Milliseconds over which reading is counted. */
export const readingWindow = 3_600_000;
/** Readers that are counted at once; of more the one counted longest ago begins anew. */
const mostReaders = 10_000;

/** A user who has read more within an hour than is usual. */
export interface MassReader {
  readonly login: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
  readonly reads: number;
}

/** The users who are reported now, as supervisors are told of them. */
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
    stateReason: null,
    waiting: null,
  }));
}

interface Counted {
  /** On the machine's monotonic clock, in milliseconds. */
  readonly until: number;
  readonly since: number;
  readonly ids: Set<string>;
  reported: boolean;
}

/**
 * Counts how many different clients and contacts each user reads within an hour. A copy of the directory is taken one page at a
 * time: somebody who reads hundreds of them is reported, and stopped at the limit.
 */
export class ReadRate {
  readonly #settings: () => AccessSettings['reads'];
  readonly #monotonic: () => number;
  readonly #readers = new Map<string, Counted>();

  /** `monotonic`: milliseconds that no setting of the clock changes. */
  constructor(settings: () => AccessSettings['reads'], monotonic: () => number = () => performance.now()) {
    this.#settings = settings;
    this.#monotonic = monotonic;
  }

  /** Whether a user has read all that an hour allows. */
  isExhausted(login: string): boolean {
    return (this.#current(login)?.ids.size ?? 0) >= this.#settings().limit;
  }

  /** Counts what a user has read; answers the reader when that is reported for the first time. */
  count(login: string, ids: readonly string[], now: number): MassReader | null {
    const reader = this.#current(login) ?? this.#begin(login, now);
    const { alarm, limit } = this.#settings();
    for (const id of ids) if (reader.ids.size < limit) reader.ids.add(id);
    if (reader.reported || reader.ids.size <= alarm) return null;
    reader.reported = true;
    return { login, since: reader.since, reads: reader.ids.size };
  }

  /** Those who are reported now. */
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
    if (this.#readers.size >= mostReaders && oldest !== undefined) this.#readers.delete(oldest);
    const reader = { until: this.#monotonic() + readingWindow, since: now, ids: new Set<string>(), reported: false };
    this.#readers.set(login, reader);
    return reader;
  }
}
