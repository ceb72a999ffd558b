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

/** What opening a store in PostgreSQL needs. */
export interface PostgresOptions extends WriteSettings {
  /** `postgres://…`. */
  readonly url: string;
  /** The local file that routing answers from; a cache. */
  readonly snapshot: string;
  /** Opens also while the server can't be reached: routing answers from the file, the rest fails until it is back. */
  readonly patient?: boolean;
  readonly log?: Logger;
  readonly carryOut: CarryOut;
  /** The schema's steps that the program knows; its own by default. */
  readonly migrations?: readonly PostgresMigration[];
}

/**
 * Opens (and migrates) the store, and brings the local snapshot up to date. Rejects with what is wrong; where it is patient,
 * only with what waiting does not mend.
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
    log.warn({ err: error }, 'PostgreSQL can not be reached; routing answers from the last snapshot until it is back');
    awaited = new Promise((resolve) => {
      reached = resolve;
    });
  }
  follower.start();
  const { directory, close: closeDirectory } = openDirectory(options.snapshot, options.sources);
  return {
    async apply(batch) {
      const results = await committer.apply(batch);
      // Whoever wrote it here finds it here; a snapshot that can't follow now says so by its age.
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
