import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Worker, WorkerOptions } from 'node:worker_threads';
import { isPostgres, type Leases, type Store } from '../domain/ports/store.ts';
import type { CarryOut } from '../domain/ports/tables.ts';
import { type Logger, silentLogger } from '../runtime/log.ts';
import { openForReading } from './sqlite/connect.ts';
import { SqliteDirectory } from './sqlite/directory.ts';
import { housekeep } from './sqlite/housekeeping.ts';
import { IntegrityWatch } from './sqlite/integrity.ts';
import { inlineListings, ListingsThread } from './sqlite/listings.ts';
import { pendingMigrations } from './sqlite/migrate.ts';
import { lockForProcess } from './sqlite/process-lock.ts';
import { SqliteReader } from './sqlite/reader.ts';
import { errorText } from './sqlite/trouble.ts';
import { WriterClient } from './sqlite/writer-client.ts';

/** How to open a store. */
export interface StoreOptions {
  /** `sqlite:PATH` or `postgres://…`. */
  readonly url: string;
  /** The region of numbers without a country code. */
  readonly country: string;
  /** The public address of this program; links to recordings begin with it. */
  readonly publicUrl: string;
  /** Additional public mail providers: an address there says nothing about the sender's company. */
  readonly publicMail?: readonly string[];
  /** Directory sources in order of precedence. */
  readonly sources?: readonly string[];
  /** Open even while the store's server is unreachable, see {@link Store.awaited}. */
  readonly patient?: boolean;
  /** Lock a SQLite file for this process, refuse one that another process has locked, and check it for damage. */
  readonly alone?: boolean;
  readonly log?: Logger;
}

/**
 * The local SQLite file that routing reads: the store itself, or with PostgreSQL a copy of the client directory in
 * `./data`, which is a cache. Throws for unsupported addresses.
 */
export function sqlitePath(url: string): string {
  if (isPostgres(url)) {
    const name = createHash('sha256').update(url).digest('hex').slice(0, 12);
    return resolve('data', `routing-${name}.db`);
  }
  if (!url.startsWith('sqlite:'))
    throw new Error(
      `store.url: expected sqlite:PATH or postgres://…, found ${url.split(':')[0]}:…, which is not supported`,
    );
  return url.slice('sqlite:'.length);
}

/** A SQLite file belongs to one process, so it always holds every lease. */
const onlyHolder: Leases = { take: async () => 1, release: async () => undefined };

/** Implements writes. A store knows its tables, but not what a write means. */
export interface WriteSteps {
  /** Used by PostgreSQL, which is written to from the main thread. */
  readonly carryOut: CarryOut;
  /** Starts the thread that writes a SQLite file: see `serveWriter`. */
  readonly spawnWriter: (options: WorkerOptions) => Worker;
}

/** Opens the store, creating and migrating it as needed. Rejects if that is impossible. */
export async function openStoreWith(options: StoreOptions, steps: WriteSteps): Promise<Store> {
  const path = sqlitePath(options.url);
  if (isPostgres(options.url)) {
    const { openPostgres } = await import('./postgres/store.ts');
    return openPostgres({ ...options, snapshot: path, carryOut: steps.carryOut });
  }
  const { alone = false } = options;
  const lock = alone ? lockForProcess(path) : null;
  try {
    return await openSqlite(path, options, steps, lock);
  } catch (error) {
    lock?.release();
    throw error;
  }
}

async function openSqlite(
  path: string,
  options: StoreOptions,
  { spawnWriter }: WriteSteps,
  lock: { release(): void } | null,
): Promise<Store> {
  const { country, publicUrl, publicMail = [], sources = [], log } = options;
  const integrity = new IntegrityWatch(log);
  const writer = new WriterClient({
    path,
    settings: { country, publicUrl, publicMail, sources },
    spawn: spawnWriter,
    onTrouble: (code) => integrity.report(Object.assign(new Error('reported by the writer'), { code })),
    ...(log !== undefined && { log }),
  });
  if (log !== undefined && existsSync(path)) logMigrations(path, log);
  await writer.open();
  const db = openForReading(path);
  // The gateway must answer callers while listings are read, so it uses a thread. Command-line tools do not need one.
  const thread = lock === null ? null : new ListingsThread(path, db, log ?? silentLogger);
  const listings = thread ?? inlineListings(db);
  const read = new SqliteReader({ db, listings, onTrouble: (error) => integrity.report(error) });
  if (lock !== null) integrity.begin(path);
  return {
    apply: (batch) => writer.apply(batch),
    read,
    directory: new SqliteDirectory(db, sources),
    directoryAge: () => 0,
    leases: onlyHolder,
    claimOwed({ destination, now, room, held, only, urgent = false }) {
      if (only !== undefined) return read.owedOne(destination, now, only);
      return urgent ? read.owedUrgent(destination, now, room + held) : read.owedDue(destination, now, room + held);
    },
    // No other process competes for deliveries, so there is nothing to release.
    releaseOwed: async () => undefined,
    housekeep: (request) => housekeep(writer, db, request),
    onNews: () => undefined,
    awaited: null,
    health: () => (lock === null ? { state: 'whole', reason: null } : integrity.health),
    async close() {
      await integrity.stop();
      await thread?.stop();
      await writer.close();
      if (db.open) db.close();
      lock?.release();
    },
  };
}

/** Announces migrations: one over many rows takes a while, during which the program logs nothing else. */
function logMigrations(path: string, log: Logger): void {
  const steps = pendingIn(path);
  if (steps.length > 0)
    log.info({ steps }, 'migrating the store; this may take half a minute per million interactions');
}

function pendingIn(path: string): readonly string[] {
  let db: ReturnType<typeof openForReading> | null = null;
  try {
    db = openForReading(path);
    return pendingMigrations(db);
  } catch (error) {
    throw new Error(`the database ${path} can't be opened: ${errorText(error)}`, { cause: error });
  } finally {
    db?.close();
  }
}
