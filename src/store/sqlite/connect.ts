import { chmodSync, existsSync } from 'node:fs';
import { dirname } from 'node:path';
import Sqlite, { type Database } from 'better-sqlite3';
import { makeDirectory } from '../../runtime/make-directory.ts';

/**
 * Opens the database for writing in WAL mode. A commit is on disk when it returns. Only the owner can read the file.
 */
export function openForWriting(path: string): Database {
  makeDirectory(dirname(path));
  const fresh = !existsSync(path);
  const db = new Sqlite(path, { timeout: 10_000 });
  if (fresh) chmodSync(path, 0o600);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  // Consecutive commits often change the same pages, so checkpoint less often and copy each page once.
  db.pragma('wal_autocheckpoint = 4000');
  db.pragma('cache_size = -16000');
  return db;
}

/** Opens the database read-only. */
export function openForReading(path: string): Database {
  const db = new Sqlite(path, { readonly: true, timeout: 10_000 });
  db.pragma('cache_size = -16000');
  return db;
}
