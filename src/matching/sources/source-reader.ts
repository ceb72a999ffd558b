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
import { storableClient } from './source-client.ts';

/** Dependencies and settings of the {@link SourceReader}. */
export interface SourceReaderOptions {
  /** The source's name in the configuration; its clients have ids of the form `source:id`. */
  readonly source: string;
  readonly directory: DirectorySource;
  readonly read: Pick<Store['read'], 'cursor' | 'clientsOfSource'>;
  readonly leases: Leases;
  /** The intake's `apply`, which notifies desks and deliveries. */
  readonly apply: (writes: readonly Write[]) => Promise<readonly WriteResult[]>;
  /** The region of numbers without a country code. */
  readonly country: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** How the reading fares. */
  readonly report: (health: ConnectionHealth, reason: Reason | null) => void;
  /** Milliseconds between two looks for changes; 30 s by default. */
  readonly interval?: number;
  /** Registry that reports the health of background loops. */
  readonly loops?: Loops;
}

/** How far a source has been read. `fullAt` is the start of the last full read. */
const Place = Type.Object({ cursor: Type.Union([Type.String(), Type.Null()]), fullAt: Type.Number() });
type Place = Static<typeof Place>;

const usualInterval = 30_000;
/** Once a day everything is read again, because some sources do not report deletions. */
const fullEvery = 24 * 3600_000;
const backoff: BackoffLimits = { min: 1000, max: 60_000 };
/** Number of clients per write, and of ids per query. */
const batch = 500;
const placeName = 'directory';
/** Time limit of a lookup in milliseconds. The caller is on the line. */
const lookupTimeout = 10_000;

/** Another instance has taken over the source. */
class LeaseLostError extends Error {}

/**
 * Mirrors the clients of one source: reads all of them, then follows changes, and looks up unknown parties. Only the
 * instance that holds the source's lease reads. The cursor moves on only after everything before it is stored.
 */
export class SourceReader {
  readonly #options: SourceReaderOptions;
  readonly #loop: LeasedLoop;
  readonly #lookups: Lookups;
  readonly #stopping = new AbortController();
  /** Ids seen since the current full read began. */
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
        if (trouble !== error) log.error({ err: error, source }, 'could not read a directory source');
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

  /** Looks up the party of a contact if it is unknown. Only the instance that reads the source does this. */
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
      // The loop stops by itself when it notices that the lease is lost.
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

  /** Deletes the clients that a full read did not return. */
  async #removeOthers(met: ReadonlySet<string>, signal: AbortSignal): Promise<void> {
    const { source, read, log } = this.#options;
    for (let after = ''; ; ) {
      signal.throwIfAborted();
      const ids = await read.clientsOfSource(source, after, batch);
      const last = ids.at(-1);
      if (last === undefined) return;
      // A source that suddenly returns no clients has probably lost its permissions, not its clients.
      if (met.size === 0) return log.warn({ source }, 'a directory source returned no clients; keeping the known ones');
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
    const kept = given.flatMap((one) => storableClient(source, one, country) ?? []);
    for (const { id } of kept) this.#met?.add(id);
    const refused =
      kept.length === 0 ? new Set() : await keepClients(kept, (writes) => this.#apply(writes), clock.now());
    const missing = given.length - kept.length + refused.size;
    if (missing > 0) log.warn({ source, missing }, 'could not store some clients of a directory source');
  }

  async #remove(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const at = this.#options.clock.now();
    for (const id of ids) this.#met?.delete(id);
    await this.#apply(ids.map((id) => ({ op: 'delete-client', id: id as ClientId, at })));
  }

  async #lookUp(identifier: Identifier): Promise<void> {
    const signal = AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(lookupTimeout)]);
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

  /** Writes with the lease as a fence, so that an instance that has lost it cannot undo the work of the next one. */
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
