import pg from 'pg';

/** What a question or a write needs of a connection, a client or a pool. */
export type Connection = Pick<pg.Client, 'query'>;

/** Numbers above 2^53 never occur here (times, counters), so eight-byte integers are read as numbers. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text') =>
    oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
};

/** How long the server may keep us waiting for one answer, in milliseconds; the server itself gives a statement up before. */
const patience = 65_000;

/**
 * Settings of every connection. A transaction left open by a program that hangs or was cut off is ended by the server after
 * five seconds: meanwhile nobody else commits.
 */
export function connectionSettings(url: string, longest = patience): pg.ClientConfig {
  return {
    connectionString: url,
    types,
    application_name: 'patchbay',
    connectionTimeoutMillis: 5000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 5000,
    idle_in_transaction_session_timeout: 5000,
    statement_timeout: 60_000,
    query_timeout: longest,
  };
}

/**
 * Connects one client; its later loss is told by `onLost`, never thrown. `longest`: milliseconds an answer may take. `name`: what
 * the server lists the connection under.
 */
export function connect(url: string, onLost: () => void, longest?: number, name?: string): Promise<pg.Client> {
  const settings = connectionSettings(url, longest);
  return connected({ ...settings, ...(name !== undefined && { application_name: name }) }, onLost);
}

/** Connects one client for work on whole tables, which may take as long as it takes: migrations, moving a store. Its loss is told by what is asked of it. */
export async function connectUnhurried(url: string): Promise<pg.Client> {
  const { query_timeout: _, statement_timeout: __, ...settings } = connectionSettings(url);
  const client = await connected({ ...settings, idle_in_transaction_session_timeout: 60_000 }, () => undefined);
  // Left out it would be what the database or the role has set.
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

/** Makes connections when they are needed. One that is lost while nobody uses it is replaced at the next question, which says so when it can't be. */
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
  // SQLSTATE: what a write holds can only be too many rows, bad data, a broken constraint or too much of something.
  if (/^[0-9A-Z]{5}$/.test(code)) return !/^(21|22|23|54)/.test(code);
  return /connection (terminated|ended)|not queryable|timeout/i.test(error.message);
}
