import { chmodSync, existsSync, realpathSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import Sqlite, { type Database } from 'better-sqlite3';
import { makeDirectory } from '../../runtime/make-directory.ts';
import { errorText } from './trouble.ts';

interface Holder {
  readonly pid: number;
  readonly host: string;
  readonly since: string;
}

/** Another process holds the file. Two gateways would deliver everything twice. */
export class HeldElsewhereError extends Error {}

/**
 * Locks a database file for this process. Throws {@link HeldElsewhereError} if another process holds it. This is a
 * SQLite lock on a separate file, so the operating system releases it however the process ends. Commands that may run
 * beside the gateway do not take it.
 */
export function lockForProcess(path: string): { release(): void } {
  makeDirectory(dirname(path));
  const file = `${realPath(path)}-lock`;
  let db: Database | null = null;
  try {
    const fresh = !existsSync(file);
    db = new Sqlite(file, { timeout: 0 });
    if (fresh) chmodSync(file, 0o600);
    const lock = db;
    lock.exec('BEGIN IMMEDIATE');
    lock.exec('CREATE TABLE IF NOT EXISTS holder (pid INTEGER NOT NULL, host TEXT NOT NULL, since TEXT NOT NULL)');
    lock.exec('DELETE FROM holder');
    const insert = lock.prepare('INSERT INTO holder (pid, host, since) VALUES (?, ?, ?)');
    insert.run(process.pid, hostname(), new Date().toISOString());
    lock.exec('COMMIT');
    // The lock is held as long as the process lives; others can still read who holds it.
    lock.exec('BEGIN IMMEDIATE');
    return {
      release: () => {
        if (lock.open) lock.close();
      },
    };
  } catch (error) {
    const isHeld = error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_BUSY');
    const holder = isHeld && db !== null ? holderOf(db) : null;
    db?.close();
    if (isHeld) throw new HeldElsewhereError(heldBy(path, holder));
    throw new Error(`cannot create the lock file ${file}: ${errorText(error)}`);
  }
}

/** Resolves links, so that one file has one lock. */
function realPath(path: string): string {
  return existsSync(path) ? realpathSync(path) : join(realpathSync(dirname(resolve(path))), basename(path));
}

function holderOf(db: Database): Holder | null {
  try {
    return (db.prepare('SELECT pid, host, since FROM holder').get() as Holder | undefined) ?? null;
  } catch {
    return null;
  }
}

function heldBy(path: string, holder: Holder | null): string {
  const who = holder === null ? 'another program' : `process ${holder.pid} on ${holder.host}, since ${holder.since},`;
  return `${who} already uses ${path}, and two would deliver everything twice. Stop it first, or give this gateway its own store`;
}
