import type { ClientId } from '../../domain/base/ids.ts';
import type { Reason } from '../../domain/base/reason.ts';
import { cursorsOf } from '../../domain/delivery/destination.ts';
import type {
  DirectoryPage,
  DirectorySource,
  ReadingProgress,
  SourceClient,
} from '../../domain/directory/directory-source.ts';
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
import { type Place, parsePlace } from './source-place.ts';

/** Dependencies and settings of the {@link SourceReader}. */
export interface SourceReaderOptions {
  /** The source's name in the configuration; its clients have ids of the form `source:id`. */
  readonly source: string;
  readonly directory: DirectorySource;
  readonly read: Pick<Store['read'], 'cursor' | 'clientsOfSource' | 'membersOfSource'>;
  readonly leases: Leases;
  /** The intake's `apply`, which notifies desks and deliveries. */
  readonly apply: (writes: readonly Write[]) => Promise<readonly WriteResult[]>;
  /** The region of numbers without a country code. */
  readonly country: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** How the reading fares. */
  readonly report: (health: ConnectionHealth, reason: Reason | null) => void;
  /** How far a full reading is; null when it has ended. */
  readonly progress?: (progress: ReadingProgress | null) => void;
  /** Milliseconds between two looks for changes; 30 s by default. */
  readonly interval?: number;
  /** Pauses after failures; 1 s to a minute by default. */
  readonly backoff?: BackoffLimits;
  /** Registry that reports the health of background loops. */
  readonly loops?: Loops;
}

const usualInterval = 30_000;
/** Once a day everything is read again, because some sources do not report deletions. */
const fullEvery = 24 * 3600_000;
const usualBackoff: BackoffLimits = { min: 1000, max: 60_000 };
/** Milliseconds between two lines in the log about a long reading. */
const logEvery = 30_000;
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
  /** Ids seen since the current full read began, if the source can't compare what we know. */
  #met: Set<string> | null = null;
  #loggedAt = 0;

  constructor(options: SourceReaderOptions) {
    this.#options = options;
    const { source, leases, log, loops, report, backoff = usualBackoff } = options;
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
      const isUpToDate = await this.#step(signal);
      report('ready', null);
      return isUpToDate ? interval : 0;
    } catch (error) {
      // The loop stops by itself when it notices that the lease is lost.
      if (!(error instanceof LeaseLostError)) throw error;
      return interval;
    }
  }

  /** Resolves to false if a full reading was only begun. */
  async #step(signal: AbortSignal): Promise<boolean> {
    const known = await this.#place();
    const place = known === null || known.cursor === null ? known : await this.#readChanges(known, signal);
    const isDue = place === null || this.#options.clock.now() - place.fullAt >= fullEvery;
    if (isDue || place.reading !== undefined) return this.#readAll(place, signal);
    await this.#check(place, signal);
    return true;
  }

  async #readChanges(before: Place, signal: AbortSignal): Promise<Place> {
    let place = before;
    if (place.cursor === null) return place;
    for await (const page of this.#options.directory.readChanges(place.cursor, signal)) {
      signal.throwIfAborted();
      await this.#take(page);
      if (page.cursor === null || page.cursor === place.cursor) continue;
      place = { ...place, cursor: page.cursor };
      await this.#setPlace(place);
    }
    return place;
  }

  /**
   * Reads everything, from where an interrupted reading stopped. If the source can go on later, changes are read in
   * between; then it resolves to false.
   */
  async #readAll(place: Place | null, signal: AbortSignal): Promise<boolean> {
    const { directory, clock, progress, interval = usualInterval } = this.#options;
    const isResumable = directory.check !== undefined;
    const pausedAt = clock.now() + interval;
    const from = isResumable ? (place?.reading ?? null) : null;
    const at = from?.at ?? clock.now();
    const met = isResumable ? null : new Set<string>();
    this.#met = met;
    let cursor = from?.cursor ?? null;
    try {
      for await (const page of directory.readAll(signal, from?.place ?? null)) {
        signal.throwIfAborted();
        await this.#take(page);
        cursor = page.cursor ?? cursor;
        if (page.progress !== undefined) this.#tell(page.progress);
        if (!isResumable || page.place === undefined) continue;
        const reading = { at, place: page.place, cursor };
        await this.#setPlace({ cursor: null, fullAt: 0, ...place, reading });
        if (place !== null && place.cursor !== null && clock.now() >= pausedAt) return false;
      }
      if (met !== null) await this.#removeOthers(met, signal);
    } finally {
      this.#met = null;
    }
    await this.#setPlace({ cursor, fullAt: at });
    progress?.(null);
    return true;
  }

  #tell(made: ReadingProgress): void {
    const { source, clock, log, progress } = this.#options;
    progress?.(made);
    if (clock.now() - this.#loggedAt < logEvery) return;
    this.#loggedAt = clock.now();
    log.info({ source, ...made }, 'reading a directory source');
  }

  /** Compares the next of the known clients with the source, and begins again after the last one. */
  async #check(place: Place, signal: AbortSignal): Promise<void> {
    const { source, directory, read } = this.#options;
    if (directory.check === undefined) return;
    const members = await read.membersOfSource(source, place.checked ?? '', batch);
    if (members.length > 0) {
      const known = members.map((member) => ({ ...member, id: member.id.slice(source.length + 1) }));
      await this.#take(await directory.check(known, signal));
    }
    const checked = members.length < batch ? '' : (members.at(-1)?.id ?? '');
    if (checked !== (place.checked ?? '')) await this.#setPlace({ ...place, checked });
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

  async #take({ clients, removed }: Pick<DirectoryPage, 'clients' | 'removed'>): Promise<void> {
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
    return parsePlace(await read.cursor(cursorsOf(source), placeName));
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
