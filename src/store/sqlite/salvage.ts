import type { Database, Statement } from 'better-sqlite3';

/** What was recovered from one table. */
export interface Salvaged {
  readonly table: string;
  readonly kept: number;
  /** Rows that could not be read; null if not even their number is known. */
  readonly lost: number | null;
}

type Key = number | string | Buffer;

/** How often a gap between two readable places may be halved. */
const maxDepth = 24;
/** Maximum number of attempts per table. */
const maxAttempts = 2000;

/**
 * Copies the readable rows of a table into the table of the same name. Reading stops at a damaged page, which hides
 * the pages behind it. So the damage is approached from both ends, and the gap between them is halved repeatedly.
 */
export function salvageTable(old: Database, db: Database, table: string): Salvaged {
  const columns = db.prepare('SELECT name FROM pragma_table_info(?)').pluck().all(table) as string[];
  const isWithoutRowid =
    db.prepare("SELECT wr FROM pragma_table_list(?) WHERE schema = 'main'").pluck().get(table) === 1;
  const first = db.prepare('SELECT name FROM pragma_table_info(?) WHERE pk = 1').pluck().get(table) as
    | string
    | undefined;
  const key = isWithoutRowid && first !== undefined ? `"${first}"` : 'rowid';
  const names = columns.map((name) => `"${name}"`).join();
  const keyed = isWithoutRowid ? names : `rowid, ${names}`;
  const put = db.prepare(
    `INSERT OR REPLACE INTO "${table}" (${keyed}) VALUES (${Array(columns.length + (isWithoutRowid ? 0 : 1))
      .fill('?')
      .join()})`,
  );
  const whole = db.transaction(() => readAll(old, { from: `"${table}"`, key, names: keyed, put }))();
  const kept = db.prepare(`SELECT count(*) FROM "${table}"`).pluck().get() as number;
  return { table, kept, lost: whole ? 0 : lostOf(old, table, kept) };
}

/** The number of lost rows, counted through an index that may be intact where the table is not. */
function lostOf(db: Database, table: string, kept: number): number | null {
  try {
    return Math.max(0, (db.prepare(`SELECT count(*) FROM "${table}"`).pluck().get() as number) - kept);
  } catch {
    return null;
  }
}

/** Whether everything was read. False if the table is missing or its schema cannot be read. */
function readAll(old: Database, parts: Parts): boolean {
  try {
    const reading = new Reading(old, parts);
    reading.all();
    return reading.whole;
  } catch {
    return false;
  }
}

/** What is read, and the statement that stores it. */
interface Parts {
  readonly from: string;
  readonly key: string;
  readonly names: string;
  readonly put: Statement;
}

class Reading {
  readonly #old: Database;
  readonly #parts: Parts;
  #attempts = 0;
  /** Whether everything was read. */
  whole = false;

  constructor(old: Database, parts: Parts) {
    this.#old = old;
    this.#parts = parts;
  }

  all(): void {
    const low = this.#read('ASC', null, null);
    this.whole = low.done;
    if (low.done) return;
    const high = this.#read('DESC', low.last, null);
    if (!high.done) this.#within(low.last, high.last, 0);
  }

  /** Looks for readable rows between two places where reading stopped. */
  #within(low: Key | null, high: Key | null, depth: number): void {
    const middle = low === null || high === null || depth === maxDepth ? null : halfway(low, high);
    if (middle === null || this.#attempts > maxAttempts) return;
    const upper = this.#read('ASC', middle, high);
    if (!upper.done) this.#within(upper.last ?? middle, high, depth + 1);
    const lower = this.#read('DESC', low, middle);
    if (!lower.done) this.#within(low, lower.last ?? middle, depth + 1);
  }

  /** Reads as far as possible. `last` is the last key read; `done` says whether the end was reached. */
  #read(order: 'ASC' | 'DESC', low: Key | null, high: Key | null): { done: boolean; last: Key | null } {
    const { from, key, names } = this.#parts;
    this.#attempts += 1;
    // Only bounds that are part of the text are looked up in the index. Otherwise the scan starts at the beginning
    // and runs into the damage.
    const bounds = [...(low === null ? [] : [`${key} >= ?`]), ...(high === null ? [] : [`${key} <= ?`])];
    const where = bounds.length === 0 ? '' : `WHERE ${bounds.join(' AND ')}`;
    const statement = this.#old.prepare(`SELECT ${key}, ${names} FROM ${from} ${where} ORDER BY ${key} ${order}`).raw();
    const values = [low, high].filter((bound) => bound !== null);
    let last: Key | null = null;
    const rows: unknown[][] = [];
    let done = false;
    try {
      for (const [key, ...row] of statement.iterate(...values) as Iterable<[Key, ...unknown[]]>) {
        last = key;
        rows.push(row);
      }
      done = true;
    } catch {
      // The rows before the damaged page are intact.
    }
    for (const row of rows) this.#keep(row);
    return { done, last };
  }

  /** Stores a row, unless it violates a constraint of its table. */
  #keep(row: readonly unknown[]): void {
    try {
      this.#parts.put.run(...row);
    } catch {
      this.whole = false;
    }
  }
}

/** A key between two others; null if there is none or it cannot be computed. */
function halfway(low: Key, high: Key): Key | null {
  if (typeof low === 'number' && typeof high === 'number')
    return high - low > 1 ? low + Math.floor((high - low) / 2) : null;
  if (typeof low === 'number' || typeof high === 'number') return null;
  const length = Math.max(low.length, high.length) + 1;
  const [a, b] = [low, high].map((one) => BigInt(`0x${padded(one, length).toString('hex')}`)) as [bigint, bigint];
  if (b - a < 2n) return null;
  const bytes = Buffer.from(((a + b) / 2n).toString(16).padStart(length * 2, '0'), 'hex');
  return typeof low === 'string' ? bytes.toString('latin1').replace(/[^\x20-\x7e]/g, ' ') : bytes;
}

function padded(key: string | Buffer, length: number): Buffer {
  return Buffer.concat([Buffer.from(key as string), Buffer.alloc(length)]).subarray(0, length);
}
