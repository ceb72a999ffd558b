import {
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import Sqlite, { type Database } from 'better-sqlite3';
import { searchWords } from '../../domain/directory/search-words.ts';
import { filledName } from '../shared/search.ts';
import { openForWriting } from './connect.ts';
import { migrate, schemaVersion } from './migrate.ts';
import { type Salvaged, salvageTable } from './salvage.ts';

/** The rows that a repair recovered, and the path of the damaged file. */
export interface Repaired {
  readonly tables: readonly Salvaged[];
  readonly aside: string;
}

/** Tables that are rebuilt from others, or internal to SQLite. */
const notCopied = /^(client_words\w*|client_terms|search_\w+|sqlite_\w+)$/;
const nothing = 'nothing in the file can be read: restore a back-up as described in docs/backup.md';
/** Size of the database header in bytes. The first table follows it. */
const headerSize = 100;

/**
 * Recovers a damaged database into a new file, table by table, and replaces the old file, which is moved aside. No
 * other process may have the file open. Throws if nothing can be read, and then changes nothing.
 */
export function repairDatabase(path: string, now: Date): Repaired {
  const [copy, fresh] = [`${path}.salvage`, `${path}.repaired`];
  const clear = () => {
    for (const file of [copy, fresh])
      for (const end of ['', '-wal', '-shm', '-journal']) rmSync(`${file}${end}`, { force: true });
  };
  clear();
  try {
    copyFileSync(path, copy);
    if (existsSync(`${path}-wal`)) copyFileSync(`${path}-wal`, `${copy}-wal`);
    const tables = salvage(copy, fresh);
    const aside = `${path}.damaged-${now.toISOString().replace(/[:.]/g, '-')}`;
    for (const end of ['', '-wal']) if (existsSync(`${path}${end}`)) renameSync(`${path}${end}`, `${aside}${end}`);
    rmSync(`${path}-shm`, { force: true });
    renameSync(fresh, path);
    return { tables, aside };
  } finally {
    clear();
  }
}

function salvage(copy: string, fresh: string): readonly Salvaged[] {
  const target = openForWriting(fresh);
  try {
    const version = versionOf(copy);
    migrate(target, { upTo: version });
    mendHeader(copy, target, version);
    const names = target.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").pluck().all() as string[];
    const old = openOld(copy);
    const tables = names.filter((name) => !notCopied.test(name)).map((name) => salvageTable(old, target, name));
    old.close();
    if (tables.every(({ kept }) => kept === 0)) throw new Error(nothing);
    nameWords(target);
    // The running gateway indexes all texts again.
    target.prepare('DELETE FROM meta WHERE name = ?').run(filledName);
    target.pragma('wal_checkpoint(TRUNCATE)');
    return tables;
  } finally {
    target.close();
  }
}

function openOld(copy: string): Database {
  try {
    const old = new Sqlite(copy);
    old.prepare('SELECT count(*) FROM sqlite_master').get();
    return old;
  } catch (error) {
    throw new Error(nothing, { cause: error });
  }
}

/** The schema version of a file, or this program's version if the header is damaged. */
function versionOf(path: string): number {
  const header = Buffer.alloc(headerSize);
  const file = openSync(path, 'r');
  readSync(file, header, 0, headerSize, 0);
  closeSync(file);
  const version = header.readUInt32BE(60);
  return isHeader(header) && version > 0 && version <= schemaVersion() ? version : schemaVersion();
}

function isHeader(header: Buffer): boolean {
  return header.toString('latin1', 0, 15) === 'SQLite format 3';
}

/** Replaces a damaged header with that of a fresh database with the same schema. */
function mendHeader(path: string, fresh: Database, version: number): void {
  const header = Buffer.alloc(headerSize);
  const file = openSync(path, 'r+');
  try {
    readSync(file, header, 0, headerSize, 0);
    if (isHeader(header)) return;
    fresh.pragma('wal_checkpoint(TRUNCATE)');
    const model = openSync(fresh.name, 'r');
    readSync(model, header, 0, headerSize, 0);
    closeSync(model);
    header.writeUInt32BE(statSync(path).size / (fresh.pragma('page_size', { simple: true }) as number), 28);
    // Declare no free pages, because they are not read.
    header.writeUInt32BE(0, 32);
    header.writeUInt32BE(0, 36);
    header.writeUInt32BE(version, 60);
    writeSync(file, header, 0, headerSize, 0);
  } finally {
    closeSync(file);
  }
}

/** Rebuilds the full-text index of client names. */
function nameWords(db: Database): void {
  db.function('search_words', { deterministic: true }, (name) => searchWords(String(name)).join(' '));
  db.exec('INSERT INTO client_words (rowid, words) SELECT rid, search_words(name) FROM clients');
}
