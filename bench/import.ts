import { execFileSync } from 'node:child_process';
import { createWriteStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { stringify } from 'yaml';
import { askRoute } from '../src/cli/demo/agi-side.ts';
import { parsePhone } from '../src/domain/identifiers.ts';
import { Gateway } from '../test/real/crash/gateway.ts';
import { freeTcpPort } from '../test/real/lab/ports.ts';
import { type BenchResult, result } from './result.ts';
import { benchClient } from './route-client.ts';

const program = fileURLToPath(new URL('../bin/patchbay.js', import.meta.url));
const chunk = 5000;
const questions = 2000;

/**
 * The built program taking a directory in from a file, beside reading its numbers and inserting its rows alone; then the
 * memory of the built gateway that runs with this directory. Build it first: `npm run build`.
 */
export async function benchImport(clients = 1_000_000): Promise<readonly BenchResult[]> {
  const directory = mkdtempSync(join(tmpdir(), 'patchbay-bench-'));
  const database = join(directory, 'patchbay.db');
  const config = join(directory, 'patchbay.yaml');
  const httpPort = await freeTcpPort();
  const agiPort = await freeTcpPort();
  try {
    const file = join(directory, 'clients.ndjson');
    await pipeline(lines(clients), createWriteStream(file));
    writeFileSync(config, configuration(database, httpPort, agiPort));
    const since = performance.now();
    execFileSync(process.execPath, [program, 'import', 'clients', file, '--config', config], { stdio: 'ignore' });
    const ours = clients / (performance.now() - since);
    const alone = clients / insertAlone(database, join(directory, 'alone.db'));
    const gateway = new Gateway({ config, url: `http://127.0.0.1:${httpPort}`, log: join(directory, 'log') });
    gateway.start();
    const memory = await memoryOf(gateway, agiPort);
    await gateway.stop();
    return [
      result(
        'import of clients',
        ours * 1000,
        '1/s',
        'their numbers read, their rows inserted',
        alone * 1000,
        'none set',
      ),
      result(`anonymous memory of the program, ${clients} clients`, memory, 'MB', 'limit', 250, '< 1'),
    ];
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Clients as a CRM exports them, numbers written the way people do. */
function* lines(clients: number): Generator<string> {
  for (let i = 0; i < clients; i += 1) {
    const client = benchClient(i);
    const identifiers = client.identifiers.map((one) =>
      one.kind === 'phone' ? { ...one, value: asWritten(one.value) } : one,
    );
    yield `${JSON.stringify({ ...client, identifiers })}\n`;
  }
}

function asWritten(phone: string): string {
  return `8 (${phone.slice(2, 5)}) ${phone.slice(5, 8)}-${phone.slice(8, 10)}-${phone.slice(10)}`;
}

/** Milliseconds for the rows of `path`, put into an empty database as durably and in batches as large. */
function insertAlone(path: string, into: string): number {
  const from = new Database(path, { readonly: true });
  const to = new Database(into);
  to.pragma('journal_mode = WAL');
  to.pragma('synchronous = FULL');
  const tables = ['clients', 'identifiers'].map((name) => {
    const objects = from.prepare(
      'SELECT sql FROM sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL ORDER BY type DESC',
    );
    for (const { sql } of objects.all(name) as { sql: string }[]) to.exec(sql);
    const columns = from.pragma(`table_info(${name})`) as readonly unknown[];
    const key = name === 'clients' ? 'rid' : 'client';
    return {
      insert: to.prepare(`INSERT INTO ${name} VALUES (${columns.map(() => '?').join(', ')})`),
      rows: from.prepare(`SELECT * FROM ${name} ORDER BY ${key}`).raw().all() as unknown[][],
      isClients: name === 'clients',
    };
  });
  const batches = Math.ceil((tables[0]?.rows.length ?? 0) / chunk);
  const since = performance.now();
  for (let batch = 0; batch < batches; batch += 1) {
    to.exec('BEGIN IMMEDIATE');
    for (const { insert, rows, isClients } of tables) {
      const part = (n: number) => Math.round((rows.length * n) / batches);
      for (const row of rows.slice(part(batch), part(batch + 1))) {
        if (!isClients && row[0] === 0) parsePhone(asWritten(String(row[1])), 'RU');
        insert.run(...row);
      }
    }
    to.exec('COMMIT');
  }
  const took = performance.now() - since;
  to.close();
  from.close();
  return took;
}

/** Anonymous megabytes of a gateway that has answered some questions. */
async function memoryOf(gateway: Gateway, port: number): Promise<number> {
  for (let i = 0; i < questions; i += 1) {
    const callerNumber = benchClient(i * 97).identifiers[0]?.value ?? '';
    const call = { channel: `PJSIP/trunk-${i}`, uniqueid: `bench.${i}`, callerNumber, callerName: '', did: '1' };
    while ((await askRoute({ ...call, port, tried: [] })).size === 0);
  }
  return gateway.memory() / 1024 / 1024;
}

function configuration(database: string, httpPort: number, agiPort: number): string {
  return stringify({
    http: { port: httpPort },
    store: { url: `sqlite:${database}` },
    managers: Array.from({ length: 100 }, (_, i) => ({
      id: `m${i}`,
      name: `Manager ${i}`,
      extensions: [String(100 + i)],
    })),
    connectors: {
      pbx: {
        kind: 'asterisk',
        ami: { host: '127.0.0.1', port: 1, username: 'nobody', secret: 'nothing' },
        agi: { port: agiPort },
      },
    },
  });
}
