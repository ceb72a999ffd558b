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
import { ListingsThread, listingsHere } from './sqlite/listings.ts';
import { pendingMigrations } from './sqlite/migrate.ts';
import { holdAlone } from './sqlite/process-lock.ts';
import { SqliteReader } from './sqlite/reader.ts';
import { inWords } from './sqlite/trouble.ts';
import { WriterClient } from './sqlite/writer-client.ts';

/** What opening a store needs. */
export interface StoreOptions {
  /** `sqlite:PATH` or `postgres://…`. */
  readonly url: string;
  /** ISO 3166 country that local numbers belong to. */
  readonly country: string;
  /** How others reach this program; recordings' addresses begin with it. */
  readonly publicUrl: string;
  /** Further domains at which anybody has a mailbox: whoever writes from one is of no client by that. */
  readonly publicMail?: readonly string[];
  /** Directory sources, by precedence where they disagree. */
  readonly sources?: readonly string[];
  /** Opens also while a server that the store lives on can't be reached, see {@link Store.awaited}. */
  readonly patient?: boolean;
  /** Refuses a SQLite file that another program runs on, and keeps others out; and looks it through for damage. */
  readonly alone?: boolean;
  readonly log?: Logger;
}

/**
 * The local SQLite file that routing answers from: the store itself, or with PostgreSQL a copy of the client
 * directory in `./data`, which is a cache. Throws for what is not built.
 */
export function sqlitePath(url: string): string {
  if (isPostgres(url)) {
    const name = createHash('sha256').update(url).digest('hex').slice(0, 12);
    return resolve('data', `routing-${name}.db`);
  }
  if (!url.startsWith('sqlite:'))
    throw new Error(
      `store.url: expected sqlite:PATH or postgres://…, found ${url.split(':')[0]}:…, which is not built yet`,
    );
  return url.slice('sqlite:'.length);
}

/** A SQLite file has one program: it holds everything. */
const onlyHolder: Leases = { take: async () => 1, release: async () => undefined };

/** How writes are carried out: a store knows its tables, not what a write means. */
export interface WriteSteps {
  /** For PostgreSQL, which is written from the main thread. */
  readonly carryOut: CarryOut;
  /** Starts the thread that writes a SQLite file: see `serveWriter`. */
  readonly spawnWriter: (options: WorkerOptions) => Worker;
}

/** Opens (and creates, and migrates) the store. Rejects with what is wrong with it. */
export async function openStoreWith(options: StoreOptions, steps: WriteSteps): Promise<Store> {
  const path = sqlitePath(options.url);
  if (isPostgres(options.url)) {
    const { openPostgres } = await import('./postgres/store.ts');
    return openPostgres({ ...options, snapshot: path, carryOut: steps.carryOut });
  }
  const { alone = false } = options;
  const lock = alone ? holdAlone(path) : null;
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
    onTrouble: (code) => integrity.heed(Object.assign(new Error('met by the writer'), { code })),
    ...(log !== undefined && { log }),
  });
  if (log !== undefined && existsSync(path)) tellOfMigrations(path, log);
  await writer.open();
  const db = openForReading(path);
  // A program that holds the store answers callers meanwhile; tools have nobody to hold up.
  const thread = lock === null ? null : new ListingsThread(path, db, log ?? silentLogger);
  const listings = thread ?? listingsHere(db);
  const read = new SqliteReader({ db, listings, onTrouble: (error) => integrity.heed(error) });
  if (lock !== null) integrity.begin(path);
  return {
    apply: (batch) => writer.apply(batch),
    read,
    directory: new SqliteDirectory(db, sources),
    directoryAge: () => 0,
    leases: onlyHolder,
    claimOwed: ({ destination, now, room, held, only }) =>
      only === undefined ? read.owedDue(destination, now, room + held) : read.owedOne(destination, now, only),
    // Nobody else is kept from what this process takes.
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

/** A step over many rows takes a while, in which nothing else is heard of the program. */
function tellOfMigrations(path: string, log: Logger): void {
  const steps = pendingIn(path);
  if (steps.length > 0)
    log.info({ steps }, 'the store is brought up to date; each million of interactions may take half a minute');
}

function pendingIn(path: string): readonly string[] {
  let db: ReturnType<typeof openForReading> | null = null;
  try {
    db = openForReading(path);
    return pendingMigrations(db);
  } catch (error) {
    throw new Error(`the database ${path} can't be opened: ${inWords(error)}`, { cause: error });
  } finally {
    db?.close();
  }
}
