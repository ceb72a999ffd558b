import {
  columnText,
  idsPerQuery,
  inSession,
  placeholders,
  type Rows,
  type Table,
  type TableSession,
} from '../table.ts';
import type { RecordZone } from '../zone.ts';
import { type CelRow, celRowOf } from './row.ts';

/** How often further linkedids of the same channels are looked for. Each transfer between calls adds one. */
const maxRounds = 5;
/** Number of rows that one query may answer. A call of an hour in a queue of many telephones has tens of thousands. */
const maxRows = 50_000;
/** Number of newest rows that are examined. */
const inspected = 1000;

/** Columns by their names in cel_odbc and cel_pgsql, and those of the sample of cel_sqlite3_custom. */
const names: Readonly<Record<string, readonly string[]>> = {
  id: ['id', 'acctid', 'cel_id'],
  cid_num: ['cid_num', 'cidnum'],
  cid_name: ['cid_name', 'cidname'],
  extra: ['extra', 'eventextra'],
  ...Object.fromEntries(
    ['eventtype', 'eventtime', 'exten', 'channame', 'appname', 'appdata', 'uniqueid', 'linkedid'].map((one) => [
      one,
      [one],
    ]),
  ),
};

/** Types of events without which calls can't be told. */
const needed = ['CHAN_START', 'HANGUP', 'ANSWER', 'APP_START', 'BRIDGE_ENTER', 'BRIDGE_EXIT', 'LINKEDID_END'];

/** What `patchbay doctor` wants to know of a `cel` table. */
export interface CelFacts {
  readonly missing: readonly string[];
  /** Types of events that are needed and that the newest rows do not have. */
  readonly lacking: readonly string[];
  /** Number of the newest rows that were examined. */
  readonly rows: number;
}

/** A `cel` table in a database. Calls are read by their linkedids, of which the `cdr` table says which are new. */
export class CelTable {
  readonly #table: Table;
  readonly #zone: RecordZone;

  constructor(table: Table, zone: RecordZone) {
    this.#table = table;
    this.#zone = zone;
  }

  /** Reads all rows of these linkedids, and of others that share a channel with them, in the order of the events. */
  async rowsOf(linkedids: readonly string[]): Promise<readonly CelRow[]> {
    return inSession(this.#table, async (session) => {
      const columns = columnsOf(await session.columns());
      const rows = new Map<string, CelRow>();
      const asked = new Set<string>();
      let wanted = [...new Set(linkedids)];
      for (let round = 0; round < maxRounds && wanted.length > 0; round += 1) {
        for (const id of wanted) asked.add(id);
        const found = await this.#select(session, columns, wanted);
        for (const row of found) rows.set(row.id, row);
        const channels = [...new Set(found.map(({ uniqueid }) => uniqueid))];
        const theirs = await this.#linkedids(session, channels);
        wanted = theirs.filter((id) => !asked.has(id));
      }
      return [...rows.values()].sort((a, b) => Number(a.id) - Number(b.id) || a.at - b.at);
    });
  }

  /** Examines the table. Rejects with `RecordUnreadable`. */
  inspect(): Promise<CelFacts> {
    return inSession(this.#table, async (session) => {
      const columns = columnsOf(await session.columns());
      const missing = Object.keys(names).filter((name) => !columns.has(name));
      if (missing.length > 0) return { missing, lacking: [], rows: 0 };
      const order = this.#table.quote(columns.get('id') ?? '');
      const sql = `${this.#columns(columns)} ORDER BY ${order} DESC LIMIT ${inspected}`;
      const rows = this.#read(await session.query(sql, []));
      const types = new Set(rows.map(({ type }) => type));
      return { missing, lacking: needed.filter((type) => !types.has(type)), rows: rows.length };
    });
  }

  async #select(
    session: TableSession,
    columns: ReadonlyMap<string, string>,
    ids: readonly string[],
  ): Promise<readonly CelRow[]> {
    const { quote } = this.#table;
    const rows: CelRow[] = [];
    for (let i = 0; i < ids.length; i += idsPerQuery) {
      const some = ids.slice(i, i + idsPerQuery);
      const sql = `${this.#columns(columns)} WHERE ${quote('linkedid')} IN (${placeholders(some)}) ORDER BY ${quote(columns.get('id') ?? '')} LIMIT ${maxRows}`;
      rows.push(...this.#read(await session.query(sql, some)));
    }
    return rows;
  }

  async #linkedids(session: TableSession, channels: readonly string[]): Promise<readonly string[]> {
    const { name, quote } = this.#table;
    const found = new Set<string>();
    for (let i = 0; i < channels.length; i += idsPerQuery) {
      const some = channels.slice(i, i + idsPerQuery);
      const sql = `SELECT DISTINCT ${quote('linkedid')} FROM ${name} WHERE ${quote('uniqueid')} IN (${placeholders(some)})`;
      for (const row of await session.query(sql, some)) found.add(String(row.linkedid ?? ''));
    }
    found.delete('');
    return [...found];
  }

  #columns(columns: ReadonlyMap<string, string>): string {
    const { name, quote, asText } = this.#table;
    const list = [...columns].map(([known, own]) => {
      const value = known === 'eventtime' ? asText(quote(own)) : quote(own);
      return `${value} AS ${quote(known)}`;
    });
    return `SELECT ${list.join(', ')} FROM ${name}`;
  }

  #read(rows: Rows): readonly CelRow[] {
    return rows.flatMap((row) => celRowOf((name) => columnText(row, name), this.#zone.toInstant) ?? []);
  }
}

/** The table's own names of the columns that it has. */
function columnsOf(own: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [known, some] of Object.entries(names)) {
    const column = own.find((one) => some.includes(one.toLowerCase()));
    if (column !== undefined) found.set(known, column);
  }
  return found;
}
