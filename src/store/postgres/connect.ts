import pg from 'pg';

/** What a question or a write needs of a connection, a client or a pool. */
export type Connection = Pick<pg.Client, 'query'>;

/** Numbers above 2^53 never occur here (times, counters), so eight-byte integers are read as numbers. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text') =>
    oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
};

/** Settings of every connection. A transaction left open by a program that hangs is ended by the server after 15 s. */
export function connectionSettings(url: string): pg.ClientConfig {
  return {
    connectionString: url,
    types,
    application_name: 'patchbay',
    connectionTimeoutMillis: 5000,
    keepAlive: true,
    idle_in_transaction_session_timeout: 15_000,
    statement_timeout: 60_000,
  };
}

/** Connects one client; its later loss is told by `onLost`, never thrown. */
export async function connect(url: string, onLost: () => void): Promise<pg.Client> {
  const client = new pg.Client(connectionSettings(url));
  client.on('error', onLost);
  client.on('end', onLost);
  await client.connect();
  return client;
}

/** Whether an error concerns the connection or the server rather than one write. */
export function isServerTrouble(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (/^(08|25|40|53|57|58|XX)/.test(code) || /^E[A-Z]+$/.test(code)) return true;
  return error instanceof Error && /connection (terminated|ended)|not queryable|timeout expired/i.test(error.message);
}
