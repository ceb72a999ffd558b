import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import type { ClientId } from '../../domain/base/ids.ts';
import type { Reason } from '../../domain/base/reason.ts';
import { cursorsOf } from '../../domain/delivery/destination.ts';
import type { DirectoryPage, DirectorySource, SourceClient } from '../../domain/directory/directory-source.ts';
import type { Identifier, Interaction } from '../../domain/interaction/interaction.ts';
import type { ConnectionHealth } from '../../domain/ports/connection-state.ts';
import type { Leases, Store } from '../../domain/ports/store.ts';
import type { Write, WriteResult } from '../../domain/ports/writes.ts';
import { type BackoffLimits, backoffDelay } from '../../runtime/backoff.ts';
import type { Clock } from '../../runtime/clock.ts';
import { asServiceError, healthOf } from '../../runtime/http/service-error.ts';
import { LeasedLoop } from '../../runtime/leased-loop.ts';
import type { Logger } from '../../runtime/log.ts';
import type { Loops } from '../../runtime/loop.ts';
import { keepClients } from '../import/keep-clients.ts';
import { Lookups } from './lookups.ts';
import { keptClient } from './source-client.ts';

/** What a source is read with. */
export interface SourceReaderOptions {
  /** The source's name in the configuration: its clients are `source:id`. */
  readonly source: string;
  readonly directory: DirectorySource;
  readonly read: Pick<Store['read'], 'cursor' | 'clientsOfSource'>;
  readonly leases: Leases;
  /** The intake's `apply`, so that desks and deliveries hear of it. */
  readonly apply: (writes: readonly Write[]) => Promise<readonly WriteResult[]>;
  /** Country of numbers written without it. */
  readonly country: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** How the reading fares. */
  readonly report: (health: ConnectionHealth, reason: Reason | null) => void;
  /** Milliseconds between two looks for changes; 30 s by default. */
  readonly interval?: number;
  /** Where the loop's health is seen. */
  readonly loops?: Loops;
}

/** How far a source has been read. `fullAt`: when it was last read in full. */
const Place = Type.Object({ cursor: Type.Union([Type.String(), Type.Null()]), fullAt: Type.Number() });
type Place = Static<typeof Place>;

const usualInterval = 30_000;
/** Once a day everything is read again: deletions that a source doesn't tell of are seen by what is missing. */
const fullEvery = 24 * 3600_000;
const backoff: BackoffLimits = { min: 1000, max: 60_000 };
/** Clients of one write, and ids of one question. */
const batch = 500;
const placeName = 'directory';
/** Milliseconds for one look-up: the caller is on the line. */
const longestLookup = 10_000;

/** Another instance reads the source now. */
class LeaseLostError extends Error {}

/**
 * Keeps the clients of one source: reads all of them first, then what changes, and looks strangers up. One instance reads,
 * under the lease of the source; its place moves on only when what lies before it is safe.
 */
export class SourceReader {
  readonly #options: SourceReaderOptions;
  readonly #loop: LeasedLoop;
  readonly #lookups: Lookups;
  readonly #stopping = new AbortController();
  /** Ids met since the full reading that is under way began. */
  #met: Set<string> | null = null;

  constructor(options: SourceReaderOptions) {
    this.#options = options;
    const { source, leases, log, loops, report } = options;
    this.#loop = new LeasedLoop({
      name: `directory:${source}`,
      leases,
      log,
      loops,
      round: ({ stopping }) => this.#round(stopping),
      backoff: (error, failures) => asServiceError(error).after ?? backoffDelay(failures, backoff),
      onTrouble: (error) => {
        const trouble = asServiceError(error);
        if (trouble !== error) log.error({ err: error, source }, 'a directory source could not be read');
        report(healthOf(trouble), trouble.reason);
      },
    });
    this.#lookups = new Lookups((identifier) => this.#lookUp(identifier));
  }

  start(): void {
    this.#options.report('connecting', null);
    this.#loop.start();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop.stop();
  }

  /** Looks the party of a contact up where nobody is known for it. Only the instance that reads the source asks. */
  notice(interaction: Interaction): void {
    if (this.#loop.epoch !== null && !this.#stopping.signal.aborted)
      this.#lookups.notice(interaction, this.#options.clock.now());
  }

  async #round(signal: AbortSignal): Promise<number> {
    const { report, interval = usualInterval } = this.#options;
    try {
      await this.#step(signal);
      report('ready', null);
    } catch (error) {
      // The loop ends as soon as the lease says so, too.
      if (!(error instanceof LeaseLostError)) throw error;
    }
    return interval;
  }

  async #step(signal: AbortSignal): Promise<void> {
    const place = await this.#place();
    if (place === null || this.#options.clock.now() - place.fullAt >= fullEvery) return this.#readAll(signal);
    if (place.cursor === null) return;
    for await (const page of this.#options.directory.readChanges(place.cursor, signal)) {
      signal.throwIfAborted();
      await this.#take(page);
      if (page.cursor !== null) await this.#setPlace({ ...place, cursor: page.cursor });
    }
  }

  async #readAll(signal: AbortSignal): Promise<void> {
    const fullAt = this.#options.clock.now();
    const met = new Set<string>();
    this.#met = met;
    let cursor: string | null = null;
    try {
      for await (const page of this.#options.directory.readAll(signal)) {
        signal.throwIfAborted();
        await this.#take(page);
        cursor = page.cursor ?? cursor;
      }
      await this.#removeOthers(met, signal);
    } finally {
      this.#met = null;
    }
    await this.#setPlace({ cursor, fullAt });
  }

  /** Removes the clients that a full reading did not meet. */
  async #removeOthers(met: ReadonlySet<string>, signal: AbortSignal): Promise<void> {
    const { source, read, log } = this.#options;
    for (let after = ''; ; ) {
      signal.throwIfAborted();
      const ids = await read.clientsOfSource(source, after, batch);
      const last = ids.at(-1);
      if (last === undefined) return;
      // A source that all at once has nobody has lost a right rather than its clients.
      if (met.size === 0) return log.warn({ source }, 'a directory source named no clients; those it had are kept');
      await this.#remove(ids.filter((id) => !met.has(id)));
      after = last;
    }
  }

  async #take({ clients, removed }: DirectoryPage): Promise<void> {
    const { source } = this.#options;
    for (let i = 0; i < clients.length; i += batch) await this.#keep(clients.slice(i, i + batch));
    await this.#remove(removed.map((id) => `${source}:${id}`));
  }

  async #keep(given: readonly SourceClient[]): Promise<void> {
    const { source, country, clock, log } = this.#options;
    const kept = given.flatMap((one) => keptClient(source, one, country) ?? []);
    for (const { id } of kept) this.#met?.add(id);
    const refused =
      kept.length === 0 ? new Set() : await keepClients(kept, (writes) => this.#apply(writes), clock.now());
    const missing = given.length - kept.length + refused.size;
    if (missing > 0) log.warn({ source, missing }, 'some clients of a directory source could not be kept');
  }

  async #remove(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const at = this.#options.clock.now();
    for (const id of ids) this.#met?.delete(id);
    await this.#apply(ids.map((id) => ({ op: 'delete-client', id: id as ClientId, at })));
  }

  async #lookUp(identifier: Identifier): Promise<void> {
    const signal = AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(longestLookup)]);
    await this.#keep(await this.#options.directory.lookUp(identifier, signal));
  }

  async #place(): Promise<Place | null> {
    const { source, read } = this.#options;
    const text = await read.cursor(cursorsOf(source), placeName);
    const place: unknown = text === null ? null : JSON.parse(text);
    return Value.Check(Place, place) ? place : null;
  }

  async #setPlace(place: Place): Promise<void> {
    const connection = cursorsOf(this.#options.source);
    await this.#apply([{ op: 'cursor', connection, name: placeName, value: JSON.stringify(place) }]);
  }

  /** Writes under the lease: an instance that has lost it must not undo what the next one reads. */
  async #apply(writes: readonly Write[]): Promise<readonly WriteResult[]> {
    const { epoch } = this.#loop;
    if (epoch === null) throw new LeaseLostError();
    const fence = { lease: `directory:${this.#options.source}`, epoch };
    const results = await this.#options.apply(writes.map((write) => ({ ...write, fence })));
    if (results.some((result) => !result.ok && result.code === 'fenced')) {
      this.#loop.check();
      throw new LeaseLostError();
    }
    return results;
  }
}
