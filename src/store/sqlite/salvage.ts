import type { Database, Statement } from 'better-sqlite3';

/** What was brought over of one table. */
export interface Salvaged {
  readonly table: string;
  readonly kept: number;
  /** Rows that could not be read; null where not even their number can be known. */
  readonly lost: number | null;
}

type Key = number | string | Buffer;

/** How often a gap between two readable places is cut in half in search of more. */
const deepest = 24;
/** Attempts for one table at the most. */
const mostAttempts = 2000;

/**
 * Copies what can be read of a table into the table of the same name. A damaged page ends a reading: it is approached from both
 * sides, and the gap between them is cut in half again and again, since one page hides those that come after it.
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

/** The number of rows, by an index that may be whole where the table is not. */
function lostOf(db: Database, table: string, kept: number): number | null {
  try {
    return Math.max(0, (db.prepare(`SELECT count(*) FROM "${table}"`).pluck().get() as number) - kept);
  } catch {
    return null;
  }
}

/** Whether everything was read. A table that is not there, or whose description can't be read, was not. */
function readAll(old: Database, parts: Parts): boolean {
  try {
    const reading = new Reading(old, parts);
    reading.all();
    return reading.whole;
  } catch {
    return false;
  }
}

/** What is read, and where it goes. */
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

  /** Looks for more between two places beyond which nothing could be read. */
  #within(low: Key | null, high: Key | null, depth: number): void {
    const middle = low === null || high === null || depth === deepest ? null : halfway(low, high);
    if (middle === null || this.#attempts > mostAttempts) return;
    const upper = this.#read('ASC', middle, high);
    if (!upper.done) this.#within(upper.last ?? middle, high, depth + 1);
    const lower = this.#read('DESC', low, middle);
    if (!lower.done) this.#within(low, lower.last ?? middle, depth + 1);
  }

  /** Reads as far as it goes: `last` is the last key, `done` whether the end was reached. */
  #read(order: 'ASC' | 'DESC', low: Key | null, high: Key | null): { done: boolean; last: Key | null } {
    const { from, key, names } = this.#parts;
    this.#attempts += 1;
    // Only bounds that stand in the text by themselves are looked up; anything else is read from the beginning, into the damage.
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
      // The rows before the damaged page are whole.
    }
    for (const row of rows) this.#keep(row);
    return { done, last };
  }

  /** A row that breaks a rule of its table is none. */
  #keep(row: readonly unknown[]): void {
    try {
      this.#parts.put.run(...row);
    } catch {
      this.whole = false;
    }
  }
}

/** A key between two others; null where there is none, or it can't be told. */
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
