import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { Staff } from '../../domain/manager.ts';
import { StaffIndex } from '../../domain/staff-index.ts';
import type { Store } from '../../domain/store-port.ts';
import type { CallSettings } from '../shared/calls.ts';
import { Snapshot } from '../snapshot/snapshot.ts';
import { openDirectory } from '../sqlite/directory.ts';
import { Committer } from './committer.ts';
import { connect, connectionSettings } from './connect.ts';
import { migrate } from './migrations.ts';
import { PostgresReader } from './reader.ts';

/** What opening a store in PostgreSQL needs. */
export interface PostgresOptions extends CallSettings {
  /** `postgres://…`. */
  readonly url: string;
  /** The local file that routing answers from; a cache. */
  readonly snapshot: string;
}

/** How often the directory's log is read while nobody here writes, in milliseconds. */
const followEvery = 1000;

/** Opens (and migrates) the store, and brings the local snapshot up to date. Rejects with what is wrong. */
export async function openPostgres(options: PostgresOptions): Promise<Store & { snapshotAge(): number }> {
  const first = await connect(options.url, () => undefined);
  let meta: ReadonlyMap<string, string>;
  try {
    await migrate(first);
    const { rows } = await first.query<{ name: string; value: string }>('SELECT name, value FROM meta');
    meta = new Map(rows.map((row) => [row.name, row.value]));
  } finally {
    await first.end();
  }
  const staff = JSON.parse(meta.get('staff') ?? '{"managers":[],"lines":[]}') as Staff;
  const keySecret = Buffer.from(meta.get('key_secret') ?? '', 'base64');
  const pool = new pg.Pool({ ...connectionSettings(options.url), max: 8 });
  // A lost idle connection is replaced at the next question, which says so when it can't be.
  pool.on('error', () => undefined);
  const committer = new Committer(
    options.url,
    { country: options.country, publicUrl: options.publicUrl, instance: randomUUID(), keySecret },
    new StaffIndex(staff, options.country),
  );
  const snapshot = new Snapshot(options.snapshot);
  let following: Promise<void> = Promise.resolve();
  let waiting = 0;
  const follow = async () => {
    waiting += 1;
    following = following.then(() => snapshot.follow(pool)).catch(() => undefined);
    await following;
    waiting -= 1;
  };
  await snapshot.follow(pool);
  // While the server hangs, looks must not queue up behind each other.
  const timer = setInterval(() => void (waiting === 0 && follow()), followEvery);
  const { directory, close: closeDirectory } = openDirectory(options.snapshot);
  return {
    async apply(batch) {
      const results = await committer.apply(batch);
      // Whoever wrote it here finds it here; a snapshot that can't follow now says so by its age.
      if (batch.some(({ op }) => op === 'put-clients' || op === 'delete-client' || op === 'decide')) await follow();
      return results;
    },
    read: new PostgresReader(pool, keySecret),
    directory,
    snapshotAge: () => snapshot.age(Date.now()),
    async close() {
      clearInterval(timer);
      await committer.close();
      await following;
      closeDirectory();
      snapshot.close();
      await pool.end();
    },
  };
}
