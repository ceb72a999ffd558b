import type { Clock } from '../../../runtime/clock.ts';
import { type RecordRow, rowOf } from './row.ts';
import type { PlacedRow, Portion, RecordFacts, RecordSource } from './source.ts';
import type { RecordZone } from './zone.ts';

/** Rows of one query, by the names of their columns. */
export type Rows = readonly Readonly<Record<string, unknown>>[];

/** An open connection to a database with a `cdr` table. */
export interface TableSession {
  /** Runs a query. Its placeholders are `?`. */
  query(sql: string, values: readonly (string | number)[]): Promise<Rows>;
  /** The names of the table's columns. */
  columns(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** A `cdr` table and the dialect of its database. */
export interface Table {
  /** The quoted name of the table. */
  readonly name: string;
  readonly quote: (column: string) => string;
  /** The expression for a time as text, `2026-11-24 09:00:00`. */
  readonly asText: (column: string) => string;
  /** The expression for the time of the end, as text, from the quoted columns for start and duration. */
  readonly ended: (start: string, duration: string) => string;
  /** Connects. Rejects with `RecordUnreadable`. */
  open(): Promise<TableSession>;
}

/** Milliseconds to connect to a database, if the configured timeout is not shorter. */
export const connectTimeout = 5000;

/** A table's name as configured, `schema.cdr`, with each of its parts quoted. */
export function quotedName(table: string, quote: (part: string) => string): string {
  return table.split('.').map(quote).join('.');
}

const pageSize = 2000;
/** Number of ids that one query asks for. */
export const idsPerQuery = 200;
const hour = 3_600_000;
/** A row is found only if its call did not last longer: tables have an index on the start, but none on the end. */
const longestCall = 24 * hour;
/** Rows may be committed this much later than their calls ended (batches, replication), and out of order. */
const latestCommit = hour;
/** How far the PBX's clock may be ahead. Times beyond that are wrong, and must not hide what follows. */
const clockAhead = 10 * 60_000;

/** Uses a table while it is open. */
export async function inSession<T>(table: Table, use: (session: TableSession) => Promise<T>): Promise<T> {
  const session = await table.open();
  try {
    return await use(session);
  } finally {
    await session.close();
  }
}

/** The value of a column as text; empty if it has none. */
export function columnText(row: Rows[number], name: string): string {
  const value = row[name];
  return value === null || value === undefined ? '' : String(value);
}

/** A placeholder for each value, for `IN (…)`. */
export function placeholders(values: readonly unknown[]): string {
  return values.map(() => '?').join(', ');
}

/** Columns that are read if the table has them. */
const wanted = [
  ...['calldate', 'start', 'answer', 'end', 'clid', 'src', 'dst', 'dcontext', 'channel', 'dstchannel', 'lastapp'],
  ...['lastdata', 'duration', 'billsec', 'disposition', 'uniqueid', 'linkedid', 'sequence', 'did', 'cnum', 'cnam'],
];
/** FreePBX's column for the recording. */
const usualRecording = 'recordingfile';
const times: readonly string[] = ['calldate', 'start', 'answer', 'end'];

/** The columns that calls can't be told without: what to do about a missing one. */
export function missingColumns(columns: readonly string[]): readonly string[] {
  const missing = ['uniqueid', 'linkedid', 'channel', 'dstchannel', 'duration', 'disposition', 'src', 'dst'].filter(
    (one) => !columns.includes(one),
  );
  return columns.includes('calldate') || columns.includes('start') ? missing : [...missing, 'calldate'];
}

/** How far the table was read: calls that ended by `until` are known, and those that ended by `floor` are older than the first start. */
interface Place {
  readonly until: number;
  readonly floor: number;
}

/**
 * A `cdr` table in a database. Each read looks back by the longest call and the latest commit, and takes rows that it has not
 * seen. A row that belongs to a call is read with all rows of that call.
 */
export class TableSource implements RecordSource {
  readonly cursor = 'cdr_table';
  readonly advice =
    'rows of the call record have no linkedid, uniqueid or times: the table needs the columns linkedid and uniqueid, and cdr.conf loguniqueid=yes';
  readonly #table: Table;
  readonly #zone: RecordZone;
  readonly #clock: Clock;
  readonly #recording: string | undefined;
  /** The rows that were read, with the end of their calls. */
  readonly #seen = new Map<string, number>();

  /** `recording` is the column with the recording, if it has another name than FreePBX's. */
  constructor(table: Table, zone: RecordZone, clock: Clock, recording?: string) {
    this.#table = table;
    this.#zone = zone;
    this.#clock = clock;
    this.#recording = recording;
  }

  async end(): Promise<string> {
    const since = this.#clock.now() - longestCall;
    const newest = await inSession(this.#table, (session) => this.#newestSince(session, since));
    const until = Math.min(newest ?? since, this.#latest());
    return placeText({ until, floor: until });
  }

  /** The place from which the calls that end after a time are read. */
  placeAt(at: number): string {
    return placeText({ until: at, floor: at });
  }

  inspect(): Promise<RecordFacts> {
    return inSession(this.#table, async (session) => {
      const columns = await session.columns();
      const own = this.#recording === undefined || columns.includes(this.#recording) ? [] : [this.#recording];
      const missing = [...missingColumns(columns), ...own];
      return { missing, newest: missing.length > 0 ? null : await this.#newestSince(session, 0) };
    });
  }

  async #newestSince(session: TableSession, since: number): Promise<number | null> {
    const query = this.#query(await session.columns());
    const sql = `SELECT ${this.#table.asText(`max(${query.ended})`)} AS newest FROM ${this.#table.name} WHERE ${query.start} >= ?`;
    const [row] = await session.query(sql, [this.#zone.toText(since)]);
    const newest = this.#zone.toInstant(String(row?.newest ?? ''));
    return Number.isNaN(newest) ? null : newest;
  }

  async *portions(text: string): AsyncIterable<Portion> {
    const { until, floor } = parsePlace(text);
    const ends = Math.max(until - latestCommit, floor);
    for (const [id, end] of this.#seen) if (end < ends) this.#seen.delete(id);
    const session = await this.#table.open();
    try {
      const query = this.#query(await session.columns());
      let newest = until;
      let from = this.#zone.toText(until - latestCommit - longestCall);
      for (let skip = 0; ; ) {
        const sql = `${query.select} WHERE ${query.start} >= ? AND ${query.ended} >= ? ORDER BY ${query.start}, ${query.uniqueid} LIMIT ${pageSize} OFFSET ${skip}`;
        const rows = await session.query(sql, [from, this.#zone.toText(ends)]);
        const read = this.#read(rows);
        const fresh = read.rows.filter((row) => row.end > floor && !this.#seen.has(row.id));
        newest = Math.max(newest, ...read.rows.map((row) => row.end));
        const calls = await this.#wholeCalls(session, query, fresh);
        const isLast = rows.length < pageSize;
        const last = startOf(rows.at(-1));
        // Rows that have not been read yet began later, so they also end later.
        const reached = isLast ? Math.min(newest, this.#latest()) : Math.max(until, this.#zone.toInstant(last));
        yield {
          rows: calls.map((row) => this.#placed(row, floor)),
          place: placeText({ until: reached, floor }),
          unreadable: read.unreadable,
        };
        for (const { id, end } of read.rows) this.#seen.set(id, end);
        if (isLast) return;
        const atLast = rows.filter((row) => startOf(row) === last).length;
        skip = last === from ? skip + atLast : atLast;
        from = last;
      }
    } finally {
      await session.close();
    }
  }

  /** Reads all rows of the calls of these rows. */
  async #wholeCalls(session: TableSession, query: Query, fresh: readonly RecordRow[]): Promise<readonly RecordRow[]> {
    const ids = [...new Set(fresh.map((row) => row.linkedid))];
    const found: RecordRow[] = [];
    for (let i = 0; i < ids.length; i += idsPerQuery) {
      const some = ids.slice(i, i + idsPerQuery);
      const of = fresh.filter((row) => some.includes(row.linkedid));
      const oldest = Math.min(...of.map((row) => row.start)) - longestCall;
      const sql = `${query.select} WHERE ${query.start} >= ? AND ${query.linkedid} IN (${placeholders(some)})`;
      found.push(...this.#read(await session.query(sql, [this.#zone.toText(oldest), ...some])).rows);
    }
    return found;
  }

  #placed(row: RecordRow, floor: number): PlacedRow {
    const until = Math.min(row.end, this.#latest());
    return { row, place: placeText({ until, floor }), order: until };
  }

  get #recordingColumn(): string {
    return this.#recording ?? usualRecording;
  }

  #latest(): number {
    return this.#clock.now() + clockAhead;
  }

  #read(rows: Rows): { readonly rows: readonly RecordRow[]; readonly unreadable: number } {
    const read = rows.flatMap((values) => {
      const column = (name: string) => columnText(values, name === usualRecording ? this.#recordingColumn : name);
      return rowOf(column, this.#zone.toInstant) ?? [];
    });
    return { rows: read, unreadable: rows.length - read.length };
  }

  #query(columns: readonly string[]): Query {
    const { name, quote, asText, ended } = this.#table;
    const start = quote(columns.includes('calldate') ? 'calldate' : 'start');
    const known = [...wanted, this.#recordingColumn].filter((one) => columns.includes(one));
    const list = known.map((one) => (times.includes(one) ? `${asText(quote(one))} AS ${quote(one)}` : quote(one)));
    return {
      select: `SELECT ${list.join(', ')}, ${asText(start)} AS ${quote('started')} FROM ${name}`,
      start,
      ended: ended(start, quote('duration')),
      uniqueid: quote('uniqueid'),
      linkedid: quote('linkedid'),
    };
  }
}

interface Query {
  readonly select: string;
  readonly start: string;
  readonly ended: string;
  readonly uniqueid: string;
  readonly linkedid: string;
}

function startOf(row: Rows[number] | undefined): string {
  return String(row?.started ?? '');
}

function placeText({ until, floor }: Place): string {
  return `${until}:${floor}`;
}

function parsePlace(text: string): Place {
  const found = /^(\d+):(\d+)$/.exec(text);
  return { until: Number(found?.[1] ?? 0), floor: Number(found?.[2] ?? 0) };
}
