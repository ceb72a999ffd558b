import { chmodSync, existsSync } from 'node:fs';
import { dirname } from 'node:path';
import Sqlite, { type Database } from 'better-sqlite3';
import { makeDirectory } from '../../runtime/make-directory.ts';

/** Opens the database for writing: WAL, and a commit is on the disk when it returns. The file is its owner's only. */
export function openForWriting(path: string): Database {
  makeDirectory(dirname(path));
  const fresh = !existsSync(path);
  const db = new Sqlite(path, { timeout: 10_000 });
  if (fresh) chmodSync(path, 0o600);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  // Most pages are written by several commits in a row: copied into the database once, not after each.
  db.pragma('wal_autocheckpoint = 4000');
  db.pragma('cache_size = -16000');
  return db;
}

/** Opens it for questions. */
export function openForReading(path: string): Database {
  const db = new Sqlite(path, { readonly: true, timeout: 10_000 });
  db.pragma('cache_size = -16000');
  return db;
}
