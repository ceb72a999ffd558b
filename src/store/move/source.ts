import { createHash } from 'node:crypto';
import Sqlite, { type Database } from 'better-sqlite3';
import { schemaVersion } from '../sqlite/migrate.ts';
import type { Row } from './checksum.ts';
import { type ColumnKind, type TableShape, tableShapes } from './shapes.ts';

/** Where reading a table stopped: the values of its order columns. */
export type Place = readonly (string | number | { readonly hex: string })[];

/** A batch of rows, and where the next one begins; `next` is null at the end. */
export interface Chunk {
  readonly rows: readonly Row[];
  readonly next: Place | null;
}

/** Tables that are not moved: they are rebuilt, or internal to SQLite. */
const notMoved = /^(meta|access_changes|login_failures|client_words\w*|client_terms|search_\w+|sqlite_\w+)$/;
/** The column that SQLite's identifiers reference; it is not moved. */
const clientRow = 'clients.rid';
/** Letters are long, so a chunk also ends after this many characters. */
const chunkSize = 4_000_000;

/** The SQLite store to be moved, opened exclusively. */
export class Source {
  readonly #db: Database;
  readonly #chunkRows: number;
  /** Rows from which a NUL character was removed, because PostgreSQL cannot store it. */
  readonly repaired = new Set<string>();

  /** Throws if the file does not exist, is in use (the gateway is running), or has another schema version. */
  constructor(path: string, chunkRows = 2000) {
    this.#chunkRows = chunkRows;
    this.#db = openAlone(path);
    try {
      this.#examine(path);
    } catch (error) {
      this.#db.close();
      throw error;
    }
  }

  close(): void {
    this.#db.close();
  }

  /** An id of this installation, derived from its secret hash key. */
  get fingerprint(): string {
    return createHash('sha256').update(`move ${this.keySecret}`).digest('hex').slice(0, 32);
  }

  /** The key that outside keys are hashed with, in base64. */
  get keySecret(): string {
    return (this.#meta('key_secret') as Buffer).toString('base64');
  }

  /** Managers and lines as last configured; null if they never were. */
  get staff(): string | null {
    const value = this.#meta('staff');
    return value === undefined ? null : String(value);
  }

  count({ name }: TableShape): number {
    return this.#db.prepare(`SELECT count(*) FROM ${name}`).pluck().get() as number;
  }

  /** The rows after a place. Throws for a damaged row and names its key. */
  chunk(shape: TableShape, after: Place | null): Chunk {
    const { name, columns, order, from = name, select = {} } = shape;
    const kinds = Object.entries(columns);
    const listed = [...kinds.map(([column]) => select[column] ?? column), ...order].join(', ');
    const places = order.map(() => '?').join(', ');
    const where = after === null ? '' : `WHERE (${order.join(', ')}) > (${places})`;
    const statement = this.#db
      .prepare(`SELECT ${listed} FROM ${from} ${where} ORDER BY ${order.join(', ')} LIMIT ${this.#chunkRows}`)
      .raw();
    const rows: Row[] = [];
    let size = 0;
    let next: Place = [];
    for (const given of statement.iterate(...(after ?? []).map(placeValue)) as Iterable<unknown[]>) {
      next = (given.slice(kinds.length) as (string | number | Buffer)[]).map(placeOf);
      const which = `${name} ${next.map((one) => (typeof one === 'object' ? one.hex : one)).join(' ')}`;
      const row = kinds.map(([column, kind], i) => {
        const value = checked(kind, given[i], `${which}: ${column}`);
        if (typeof value !== 'string') return value;
        size += value.length;
        if (!value.includes('\0')) return value;
        this.repaired.add(which);
        return value.replaceAll('\0', '');
      });
      rows.push(row);
      if (size > chunkSize) return { rows, next };
    }
    return { rows, next: rows.length < this.#chunkRows ? null : next };
  }

  #meta(name: string): unknown {
    return this.#db.prepare('SELECT value FROM meta WHERE name = ?').pluck().get(name);
  }

  #examine(path: string): void {
    const version = this.#db.pragma('user_version', { simple: true });
    if (version !== schemaVersion())
      throw new Error(
        `${path} has schema ${version}, this program moves ${schemaVersion()}: ${version === 0 ? 'check that it is a Patchbay store' : 'run "patchbay migrate" on it first, or use the version that wrote it'}`,
      );
    if (this.#meta('key_secret') === undefined) throw new Error(`${path} was never used, so there is nothing to move`);
    const unknown = unknownColumns(this.#db);
    if (unknown.length > 0) throw new Error(`${path} has columns that this program can't move: ${unknown.join(', ')}`);
  }
}

/** Columns that no shape names. A later schema has them, and the shapes were not updated. */
export function unknownColumns(db: Database): readonly string[] {
  const known = new Set(
    tableShapes.flatMap(({ name, columns }) => Object.keys(columns).map((column) => `${name}.${column}`)),
  );
  const columns = db
    .prepare("SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'")
    .raw()
    .all() as [string, string][];
  return columns
    .filter(([table]) => !notMoved.test(table))
    .map(([table, column]) => `${table}.${column}`)
    .filter((one) => !known.has(one) && one !== clientRow);
}

/** Opens a database exclusively. Every open connection, even an idle one, holds a lock on the file. */
function openAlone(path: string): Database {
  let db: Database;
  try {
    db = new Sqlite(path, { fileMustExist: true, timeout: 1000 });
  } catch (error) {
    throw new Error(`${path} can't be opened: ${error instanceof Error ? error.message : String(error)}`);
  }
  try {
    db.pragma('locking_mode = EXCLUSIVE');
    db.exec('BEGIN EXCLUSIVE; COMMIT');
    db.pragma('cache_size = -16000');
    return db;
  } catch (error) {
    db.close();
    if (error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_BUSY'))
      throw new Error(
        `${path} is open in another program: stop the gateway first, because contacts that arrive during the move would be lost`,
      );
    throw new Error(`${path} can't be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Converts a place to a form that fits into JSON, and back. */
function placeOf(value: string | number | Buffer): Place[number] {
  return Buffer.isBuffer(value) ? { hex: value.toString('hex') } : value;
}

function placeValue(value: Place[number]): string | number | Buffer {
  return typeof value === 'object' ? Buffer.from(value.hex, 'hex') : value;
}

/** Converts a value for PostgreSQL. Throws if it does not fit its column. */
function checked(kind: ColumnKind, value: unknown, where: string): Row[number] {
  if (value === null) return null;
  switch (kind) {
    case 'text':
      if (typeof value === 'string') return value;
      break;
    case 'json':
      if (typeof value === 'string' && parses(value)) return value;
      break;
    case 'number':
      if (Number.isSafeInteger(value)) return value as number;
      break;
    case 'flag':
      if (value === 0 || value === 1) return value === 1;
      break;
    case 'bytes':
      if (Buffer.isBuffer(value)) return value;
  }
  throw new Error(
    `${where} is damaged: expected ${kind}, found ${kind === 'json' && typeof value === 'string' ? 'text that does not parse' : typeof value}; fix or delete the row, then run the same command again`,
  );
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
