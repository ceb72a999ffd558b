import type pg from 'pg';
import type { Client } from '../src/domain/directory/client.ts';
import { searchWords } from '../src/domain/directory/search-words.ts';
import { PostgresClientTable } from '../src/store/postgres/clients.ts';
import { connectWithoutTimeLimits } from '../src/store/postgres/connect.ts';
import { migrate } from '../src/store/postgres/migrate.ts';
import { ViewerTable } from '../src/store/postgres/viewers.ts';
import { kindNumbers } from '../src/store/shared/identifiers.ts';
import { startPostgres } from '../test/support/postgres-server.ts';
import { type BenchResult, median, result } from './result.ts';
import { benchClient } from './route-client.ts';

const clients = 40_000;
/** Size of a chunk, as in an import. */
const chunk = 1000;
const rounds = 3;

type Put = (db: pg.Client, chunk: readonly Client[]) => Promise<unknown>;

/**
 * Clients per second written to PostgreSQL as by an import (`INSERT … SELECT FROM unnest`, an upsert with its log), compared with COPY into a
 * temporary table followed by the same upsert, and with COPY directly into the tables, which can't replace existing clients.
 */
export async function benchPostgresImport(): Promise<readonly BenchResult[]> {
  const server = await startPostgres();
  try {
    const ways: Readonly<Record<string, Put>> = { ours: asImported, upsert: copiedAndUpserted, straight: copied };
    const took: Record<string, number[]> = { ours: [], upsert: [], straight: [] };
    for (let round = 0; round < rounds; round += 1)
      for (const [name, put] of Object.entries(ways)) took[name]?.push(await fill(server.database(), put));
    const rate = (name: string) => (clients / median(took[name] ?? [])) * 1000;
    return [
      result(
        'clients into PostgreSQL',
        rate('ours'),
        '1/s',
        'COPY beside, then the same upsert',
        rate('upsert'),
        '>= 0.9',
      ),
      result(
        'clients into PostgreSQL',
        rate('ours'),
        '1/s',
        'COPY straight in, without upsert',
        rate('straight'),
        'none set',
      ),
    ];
  } finally {
    server.stop();
  }
}

/** Milliseconds for all clients, with one transaction per chunk. */
async function fill(url: string, put: Put): Promise<number> {
  const db = await connectWithoutTimeLimits(url);
  try {
    await migrate(db);
    await db.query(
      'CREATE TEMPORARY TABLE new_clients (LIKE clients INCLUDING DEFAULTS); ALTER TABLE new_clients DROP COLUMN words, ADD COLUMN w text',
    );
    await db.query('CREATE TEMPORARY TABLE new_identifiers (LIKE identifiers INCLUDING DEFAULTS)');
    const chunks = Array.from({ length: clients / chunk }, (_, n) =>
      Array.from({ length: chunk }, (_, i) => benchClient(n * chunk + i)),
    );
    const since = performance.now();
    for (const one of chunks) {
      await db.query('BEGIN');
      await put(db, one);
      await db.query('COMMIT');
    }
    return performance.now() - since;
  } finally {
    await db.end();
  }
}

const asImported: Put = (db, given) => new PostgresClientTable(db, new ViewerTable(db, () => true)).put(given);

const clientColumns = 'id, name, folded, kind, responsible, segment, url, body';
const clientRow = (c: Client) => [
  c.id,
  c.name,
  c.name.toLowerCase(),
  c.kind,
  c.responsible,
  c.segment,
  c.url,
  JSON.stringify(c),
];
const identifierRows = (given: readonly Client[]) =>
  given.flatMap((c) => c.identifiers.map(({ kind, value }) => [kindNumbers[kind], value, c.id, '', null]));

const copiedAndUpserted: Put = async (db, given) => {
  const ids = given.map(({ id }) => id);
  await db.query('TRUNCATE new_clients, new_identifiers');
  await copyIn(
    db,
    `new_clients (${clientColumns}, w)`,
    given.map((c) => [...clientRow(c), searchWords(c.name).join(' ')]),
  );
  await copyIn(db, 'new_identifiers', identifierRows(given));
  await db.query('DELETE FROM deals WHERE client = ANY ($1::text[])', [ids]);
  await db.query('DELETE FROM identifiers WHERE client = ANY ($1::text[]) RETURNING kind, value', [ids]);
  await db.query(
    `INSERT INTO clients (${clientColumns}, words) SELECT ${clientColumns}, array_to_tsvector(string_to_array(w, ' ')) FROM new_clients
     ON CONFLICT (id) DO UPDATE SET name = excluded.name, folded = excluded.folded, kind = excluded.kind, responsible = excluded.responsible,
       segment = excluded.segment, url = excluded.url, body = excluded.body, words = excluded.words`,
  );
  await db.query('INSERT INTO identifiers SELECT * FROM new_identifiers ON CONFLICT DO NOTHING');
  await logged(db, ids);
};

const copied: Put = async (db, given) => {
  const words = (c: Client) =>
    searchWords(c.name)
      .map((word) => `'${word}'`)
      .join(' ');
  await copyIn(
    db,
    `clients (${clientColumns}, words)`,
    given.map((c) => [...clientRow(c), words(c)]),
  );
  await copyIn(db, 'identifiers', identifierRows(given));
  await logged(
    db,
    given.map(({ id }) => id),
  );
};

function logged(db: pg.Client, ids: readonly string[]) {
  return db.query(
    'INSERT INTO directory_log (kind, key) SELECT 0, k FROM unnest($1::text[]) k ON CONFLICT (kind, key) DO UPDATE SET seq = excluded.seq',
    [ids],
  );
}

/** COPY by the wire protocol. pg supports it through a custom query object. */
function copyIn(db: pg.Client, into: string, rows: readonly (readonly (string | number | null)[])[]): Promise<void> {
  const text = rows.map((row) => `${row.map(field).join('\t')}\n`).join('');
  return new Promise((resolve, reject) => {
    db.query({
      submit: (connection: pg.Connection) => connection.query(`COPY ${into} FROM STDIN`),
      handleCopyInResponse(connection: { sendCopyFromChunk(chunk: Buffer): void; endCopyFrom(): void }) {
        connection.sendCopyFromChunk(Buffer.from(text));
        connection.endCopyFrom();
      },
      handleCommandComplete: () => undefined,
      handleReadyForQuery: () => resolve(),
      handleError: reject,
    } as unknown as pg.Submittable);
  });
}

function field(value: string | number | null): string {
  if (value === null) return '\\N';
  return String(value).replace(/[\\\t\n\r]/g, (c) => `\\${{ '\\': '\\', '\t': 't', '\n': 'n', '\r': 'r' }[c] ?? c}`);
}
