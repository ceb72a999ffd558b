import { randomUUID } from 'node:crypto';
import type { News, Store } from '../../domain/ports/store.ts';
import type { CarryOut } from '../../domain/ports/tables.ts';
import type { WriteSettings } from '../../domain/ports/write-settings.ts';
import { type Logger, silentLogger } from '../../runtime/log.ts';
import { Snapshot } from '../snapshot/snapshot.ts';
import { openDirectory } from '../sqlite/directory.ts';
import { Committer } from './committer.ts';
import { connectionPool, connectionSettings, isServerTrouble } from './connect.ts';
import { Follower } from './follower.ts';
import { housekeep } from './housekeeping.ts';
import { leasePool, postgresLeases } from './leases.ts';
import { applicationName } from './migrate.ts';
import type { PostgresMigration } from './migrations.ts';
import { claimOwed, releaseOwed } from './owed.ts';
import { PostgresReader } from './reader.ts';
import { directoryWrites } from './writer.ts';

/** How to open a store in PostgreSQL. */
export interface PostgresOptions extends WriteSettings {
  /** `postgres://…`. */
  readonly url: string;
  /** Path of the local file that routing reads, a cache. */
  readonly snapshot: string;
  /**
   * Open even while the server is unreachable. Routing then uses the local file; everything else fails until the
   * server is back.
   */
  readonly patient?: boolean;
  readonly log?: Logger;
  readonly carryOut: CarryOut;
  /** The migrations that the program knows; the built-in ones by default. */
  readonly migrations?: readonly PostgresMigration[];
}

/**
 * Opens the store, migrating it as needed, and updates the local snapshot. Rejects if that is impossible; with
 * `patient`, only if waiting would not help.
 */
export async function openPostgres(options: PostgresOptions): Promise<Store> {
  const { url, log = silentLogger, patient = false } = options;
  const instance = randomUUID();
  const listeners: ((news: News) => void)[] = [];
  const pool = connectionPool({ ...connectionSettings(url), max: 8 });
  const leases = leasePool(url);
  const committer = new Committer({ ...options, instance });
  const snapshot = new Snapshot(options.snapshot);
  let reached: () => void = () => undefined;
  let awaited: Promise<void> | null = null;
  let closed = false;
  const follower = new Follower({
    url,
    instance,
    snapshot,
    prepare: () => committer.open(),
    onLook: () => reached(),
    name: applicationName(options.migrations),
    onNews: (news) => {
      for (const listener of listeners) listener(news);
    },
    log,
  });
  try {
    await committer.open();
    await follower.begin(pool);
  } catch (error) {
    if (!patient || !isServerTrouble(error)) {
      snapshot.close();
      await Promise.allSettled([committer.close(), pool.end(), leases.end()]);
      throw error;
    }
    log.warn({ err: error }, 'cannot reach PostgreSQL; routing uses the last snapshot until it is back');
    awaited = new Promise((resolve) => {
      reached = resolve;
    });
  }
  follower.start();
  const { directory, close: closeDirectory } = openDirectory(options.snapshot, options.sources);
  return {
    async apply(batch) {
      const results = await committer.apply(batch);
      // The caller must find its own change in the directory. If the snapshot cannot follow now, its age shows that.
      if (batch.some(({ op }) => directoryWrites.has(op))) await follower.caughtUp();
      return results;
    },
    read: new PostgresReader(pool),
    directory,
    directoryAge: () => snapshot.age(Date.now()),
    leases: postgresLeases(leases, instance),
    claimOwed: (claim) => claimOwed(pool, claim, instance),
    releaseOwed: (ids) => releaseOwed(pool, ids, instance),
    housekeep: (request) => housekeep(url, request),
    onNews: (listener) => void listeners.push(listener),
    awaited,
    health: () => ({ state: 'whole', reason: null }),
    async close() {
      if (closed) return;
      closed = true;
      await committer.close();
      await follower.stop();
      closeDirectory();
      snapshot.close();
      await Promise.all([pool.end(), leases.end()]);
    },
  };
}
