import { chmodSync, existsSync, realpathSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import Sqlite, { type Database } from 'better-sqlite3';
import { makeDirectory } from '../../runtime/make-directory.ts';
import { inWords } from './trouble.ts';

interface Holder {
  readonly pid: number;
  readonly host: string;
  readonly since: string;
}

/** The file is another program's now; two would deliver everything twice. */
export class HeldElsewhereError extends Error {}

/**
 * Holds a database file for this process alone; throws {@link HeldElsewhereError} where another has it. The lock is SQLite's own on
 * a file beside it: the system lets go of it when the process ends, however that happens. Commands that work beside a running
 * gateway don't ask for it.
 */
export function holdAlone(path: string): { release(): void } {
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
    // Held as long as the process lives; others may still read who has it.
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
    throw new Error(`the lock file ${file} can't be made: ${inWords(error)}`);
  }
}

/** One file has one name, whichever links lead to it. */
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
  return `${who} runs on ${path} already: two would deliver everything twice. Stop that one first, or give this one a store of its own`;
}
