import pg from 'pg';

/** The part of a client or pool that queries and writes need. */
export type Connection = Pick<pg.Client, 'query'>;

/** No numbers here exceed 2^53 (they are times and counters), so eight-byte integers are read as numbers. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text') =>
    oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
};

/** How long to wait for one answer, in milliseconds. The server's own limit for a statement is shorter. */
const patience = 65_000;

/**
 * If a program hangs or is cut off with an open transaction, the server ends it after this many milliseconds, because
 * no other instance can commit meanwhile.
 */
export const cutOffAfter = 5000;

/** Settings of every connection. */
export function connectionSettings(url: string, longest = patience): pg.ClientConfig {
  return {
    connectionString: url,
    types,
    application_name: 'patchbay',
    connectionTimeoutMillis: 5000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 5000,
    idle_in_transaction_session_timeout: cutOffAfter,
    statement_timeout: 60_000,
    query_timeout: longest,
  };
}

/**
 * Connects one client. A later loss is reported to `onLost`, never thrown. `longest` is the maximum time for an
 * answer in milliseconds; `name` is what the server lists the connection as.
 */
export function connect(url: string, onLost: () => void, longest?: number, name?: string): Promise<pg.Client> {
  const settings = connectionSettings(url, longest);
  return connected({ ...settings, ...(name !== undefined && { application_name: name }) }, onLost);
}

/**
 * Connects one client without time limits, for work on whole tables: migrations and moving a store. If the connection
 * is lost, the running query rejects.
 */
export async function connectWithoutTimeLimits(url: string): Promise<pg.Client> {
  const { query_timeout: _, statement_timeout: __, ...settings } = connectionSettings(url);
  const client = await connected({ ...settings, idle_in_transaction_session_timeout: 60_000 }, () => undefined);
  // Without this, the default of the database or the role would apply.
  await client.query('SET statement_timeout = 0');
  return client;
}

async function connected(settings: pg.ClientConfig, onLost: () => void): Promise<pg.Client> {
  const client = new pg.Client(settings);
  client.on('error', onLost);
  client.on('end', onLost);
  try {
    await client.connect();
  } catch (error) {
    void client.end().catch(() => undefined);
    throw error;
  }
  return client;
}

/**
 * A connection pool. A connection that is lost while idle is replaced by the next query, which reports an error if
 * that fails.
 */
export function connectionPool(settings: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool(settings);
  pool.on('error', () => undefined);
  return pool;
}

/** Whether an error concerns the connection or the server rather than one write. */
export function isServerTrouble(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  if (/^E[A-Z]+$/.test(code)) return true;
  // SQLSTATE classes that the data of a write can cause: wrong row counts, bad data, violated constraints, exceeded
  // limits.
  if (/^[0-9A-Z]{5}$/.test(code)) return !/^(21|22|23|54)/.test(code);
  return /connection (terminated|ended)|not queryable|timeout/i.test(error.message);
}
