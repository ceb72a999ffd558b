import type pg from 'pg';
import { searchWords } from '../../domain/directory/search-words.ts';
import { connectWithoutTimeLimits } from '../postgres/connect.ts';
import { copyIn } from '../postgres/copy.ts';
import { migrate } from '../postgres/migrate.ts';
import type { MoveState } from '../postgres/move-state.ts';
import { ensurePartition } from '../postgres/partitions.ts';
import { type Row, rowChecksumSql, type Tally, tallySql } from './checksum.ts';
import { type TableShape, tableShapes } from './shapes.ts';
import type { Place } from './source.ts';

/** A row's name and checksum. */
interface NamedSum {
  readonly name: string;
  readonly sum: string;
}

/** Advisory lock held during a run, so that two runs cannot move into the same database. */
const moveLock = 7_263_002;
const stateSql = "SELECT value FROM meta WHERE name = 'move'";

/** The PostgreSQL database that a store is moved into. */
export class Target {
  readonly #db: pg.Client;
  #state: MoveState;

  private constructor(db: pg.Client, state: MoveState) {
    this.#db = db;
    this.#state = state;
  }

  /**
   * Connects and creates the tables. Rejects if the database holds anything that an earlier run of this move did not
   * put there.
   */
  static async open(url: string, source: string): Promise<Target> {
    const db = await connectWithoutTimeLimits(url);
    try {
      return new Target(db, await prepared(db, source));
    } catch (error) {
      void db.end().catch(() => undefined);
      throw error;
    }
  }

  /** When an earlier run finished the move, or null. */
  get finishedAt(): string | null {
    return this.#state.finishedAt;
  }

  /** Progress of a table: undefined before it is begun, null when it is complete. */
  place({ name }: TableShape): Place | null | undefined {
    return this.#state.places[name];
  }

  /** Inserts rows and saves the progress in the same transaction. Rejects with the server's error for a bad row. */
  async put(shape: TableShape, rows: readonly Row[], next: Place | null): Promise<void> {
    const state = { ...this.#state, places: { ...this.#state.places, [shape.name]: next } };
    await this.#transaction(async () => {
      if (shape.name === 'interactions') await this.#ensureMonths(rows);
      if (rows.length > 0) await this.#insert(shape, rows);
      await this.#keep(state);
    });
  }

  async tally(shape: TableShape): Promise<Tally> {
    const { rows } = await this.#db.query<Tally>(tallySql(shape));
    return rows[0] ?? { rows: 0, sum: '0' };
  }

  /** The names of the first rows that are missing or different in the target. */
  async missing(shape: TableShape, chunks: Iterable<readonly NamedSum[]>, limit: number): Promise<readonly string[]> {
    await this.#db.query('CREATE TEMPORARY TABLE expected (name text, sum text)');
    for (const chunk of chunks) {
      const values = [chunk.map(({ name }) => name), chunk.map(({ sum }) => sum)];
      await this.#db.query('INSERT INTO expected SELECT * FROM unnest($1::text[], $2::text[])', values);
    }
    const { rows } = await this.#db.query<{ name: string }>(
      `SELECT e.name FROM expected e WHERE NOT EXISTS (SELECT FROM ${shape.name} t WHERE ${rowChecksumSql(shape, 't.')} = e.sum) LIMIT $1`,
      [limit],
    );
    await this.#db.query('DROP TABLE expected');
    return rows.map(({ name }) => name);
  }

  /** Empties a table so that it can be copied again. */
  async clear({ name }: TableShape): Promise<void> {
    const { [name]: _, ...places } = this.#state.places;
    await this.#transaction(async () => {
      await this.#db.query(`TRUNCATE ${name}`);
      await this.#keep({ ...this.#state, places });
    });
  }

  /**
   * Completes the move after everything has been verified. Derived data is rebuilt, and the gateway may start from
   * now on.
   */
  async finish(keySecret: string, staff: string | null): Promise<void> {
    const db = this.#db;
    const state = { ...this.#state, finishedAt: new Date().toISOString() };
    await this.#transaction(async () => {
      await db.query("UPDATE meta SET value = $1 WHERE name = 'key_secret'", [keySecret]);
      if (staff !== null)
        await db.query(
          `INSERT INTO meta (name, value) VALUES ('staff', $1), ('staff_seq', nextval('commit_seq')::text)
           ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
          [staff],
        );
      await db.query(`INSERT INTO directory_log (kind, key)
        SELECT 0, id FROM clients UNION ALL SELECT 1, kind || ' ' || value FROM choices`);
      await db.query(`INSERT INTO talk_log (phone) SELECT DISTINCT phone FROM interactions
        WHERE channel = 'call' AND state = 'answered' AND phone IS NOT NULL`);
      await db.query("SELECT setval(pg_get_serial_sequence('owed', 'rid'), max(rid)) FROM owed HAVING max(rid) > 0");
      await this.#keep(state);
    });
    // The tables were empty when the planner last collected statistics.
    await db.query('ANALYZE');
  }

  async close(): Promise<void> {
    await this.#db.end();
  }

  async #transaction(work: () => Promise<void>): Promise<void> {
    await this.#db.query('BEGIN');
    try {
      await work();
      await this.#db.query('COMMIT');
    } catch (error) {
      await this.#db.query('ROLLBACK').catch(() => undefined);
      throw error;
    }
  }

  async #insert(shape: TableShape, rows: readonly Row[]): Promise<void> {
    const columns = Object.keys(shape.columns);
    if (shape.name !== 'clients') {
      await copyIn(this.#db, `${shape.name} (${columns.join(', ')})`, rows);
      return;
    }
    // SQLite stores these words in a separate index; PostgreSQL has a column.
    const words = rows.map((row) => searchWords(String(row[1])));
    const all = rows.map((row, i) => [...row, vectorOf(words[i] ?? [])]);
    await copyIn(this.#db, `clients (${columns.join(', ')}, words)`, all);
  }

  /** Ids are UUIDv7: their first 48 bits are milliseconds. */
  async #ensureMonths(rows: readonly Row[]): Promise<void> {
    const months = new Map<string, number>();
    for (const [id] of rows) {
      const at = Number.parseInt(String(id).replace('-', '').slice(0, 12), 16);
      months.set(new Date(at).toISOString().slice(0, 7), at);
    }
    for (const at of months.values()) await ensurePartition(this.#db, at);
  }

  async #keep(state: MoveState): Promise<void> {
    await keep(this.#db, state);
    this.#state = state;
  }
}

/** A tsvector as text. Search words never contain quotes or backslashes. */
function vectorOf(words: readonly string[]): string {
  return words.map((word) => `'${word}'`).join(' ');
}

/** Creates the tables and begins the move, or finds where an earlier run stopped. */
async function prepared(db: pg.Client, source: string): Promise<MoveState> {
  const lock = await db.query<{ taken: boolean }>(`SELECT pg_try_advisory_lock(${moveLock}) AS taken`);
  if (lock.rows[0]?.taken !== true) throw new Error('another run is moving a store into this database right now');
  const { rows: encoding } = await db.query<{ server_encoding: string }>('SHOW server_encoding');
  if (encoding[0]?.server_encoding !== 'UTF8')
    throw new Error(
      `expected a database with encoding UTF8, found ${encoding[0]?.server_encoding}: create one with "createdb --encoding UTF8"`,
    );
  await refuseStrangers(db);
  await migrate(db);
  const { rows } = await db.query<{ value: string }>(stateSql);
  if (rows[0] !== undefined) {
    const state = JSON.parse(rows[0].value) as MoveState;
    if (state.source !== source)
      throw new Error('another store was moved, or partly moved, into this database: use an empty one');
    return state;
  }
  await refuseUsed(db);
  const state: MoveState = { source, places: {}, finishedAt: null };
  await keep(db, state);
  return state;
}

/** Refuses a database that belongs to another program. */
async function refuseStrangers(db: pg.Client): Promise<void> {
  const { rows } = await db.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f')
       AND to_regclass('commit_seq') IS NULL ORDER BY relname LIMIT 5`,
  );
  if (rows.length > 0)
    throw new Error(
      `the database holds tables that are not Patchbay's (${rows.map(({ name }) => name).join(', ')}): use an empty one`,
    );
}

/** Refuses a store that a gateway has already written to, because the move would overwrite it. */
async function refuseUsed(db: pg.Client): Promise<void> {
  const used: string[] = [];
  for (const name of [...tableShapes.map((shape) => shape.name), 'instances']) {
    const { rows } = await db.query<{ any: boolean }>(`SELECT EXISTS (SELECT FROM ${name}) AS any`);
    if (rows[0]?.any === true) used.push(name);
  }
  if (used.length > 0)
    throw new Error(`the database is a Patchbay store in use (there are rows in ${used.join(', ')}): use an empty one`);
}

async function keep(db: pg.Client, state: MoveState): Promise<void> {
  await db.query(
    "INSERT INTO meta (name, value) VALUES ('move', $1) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    [JSON.stringify(state)],
  );
}
