import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { binaries, startPostgres } from '../test/support/postgres-server.ts';
import { revisionsOfCall } from './instance-calls.ts';
import type { WriterOrder, WriterReport } from './instance-writer.ts';
import { type BenchResult, median, result } from './result.ts';

const callsConcurrent = 1000;
const callsAlone = 200;
const warmUp = 500;
const atOnce = 100;
const rounds = 3;
const seconds = 3;
const maxInstances = 3;

/** Result of a run. */
interface Measured {
  /** Revisions per second of all instances together. */
  readonly rate: number;
  /** Revisions per commit. */
  readonly group: number;
}

/**
 * Revisions of calls stored per second by one, two and three instances on one PostgreSQL, and by one on SQLite. Each instance is a
 * process with 100 concurrent calls. Compared with as many connections of `pgbench` that insert just the row of the interaction, with
 * the same durability and transaction size. Also measured with a single call at a time, when no commit is shared.
 */
export async function benchInstances(): Promise<readonly BenchResult[]> {
  const server = await startPostgres({ durable: true });
  const directory = mkdtempSync(join(tmpdir(), 'patchbay-bench-'));
  try {
    const ours: Measured[][] = Array.from({ length: maxInstances }, () => []);
    const bare: number[][] = Array.from({ length: maxInstances }, () => []);
    const sqlite: number[] = [];
    const alone = { sqlite: [] as number[], postgres: [] as number[] };
    for (let round = 0; round < rounds; round += 1) {
      const file = `sqlite:${join(directory, `${round}.db`)}`;
      sqlite.push((await run(1, () => file, directory)).rate);
      alone.sqlite.push((await run(1, () => `${file}.alone`, directory, 1)).rate);
      const database = server.database();
      alone.postgres.push((await run(1, () => database, directory, 1)).rate);
      for (let instances = 1; instances <= maxInstances; instances += 1) {
        const url = server.database();
        const one = await run(instances, () => url, directory);
        const group = Math.round(await revisionsPerCommit(url, instances));
        ours[instances - 1]?.push({ ...one, group });
        bare[instances - 1]?.push(await insertBare(url, instances, group, directory));
      }
    }
    const rate = (instances: number) => median((ours[instances - 1] ?? []).map((one) => one.rate));
    const curve = ours.map((measured, i) => {
      const group = median(measured.map((one) => one.group));
      const peer = `pgbench, ${i + 1} connections inserting the row bare, ${group} in a transaction`;
      return result(`revisions, ${i + 1} on PostgreSQL`, rate(i + 1), '1/s', peer, median(bare[i] ?? []), 'none set');
    });
    return [
      ...curve,
      result('revisions, SQLite', median(sqlite), '1/s', 'one on PostgreSQL', rate(1), 'none set'),
      result('revisions alone, SQLite', median(alone.sqlite), '1/s', 'in a crowd', median(sqlite), 'none set'),
      result('revisions alone, PostgreSQL', median(alone.postgres), '1/s', 'in a crowd', rate(1), 'none set'),
    ];
  } finally {
    server.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Runs instances concurrently, and measures from the start of the first to the end of the last. */
async function run(
  instances: number,
  url: () => string,
  directory: string,
  concurrency = atOnce,
): Promise<{ readonly rate: number }> {
  // Single calls are slower, so fewer are written.
  const calls = concurrency === 1 ? callsAlone : callsConcurrent;
  const writers: ChildProcess[] = [];
  try {
    for (let instance = 0; instance < instances; instance += 1) {
      const order: WriterOrder = { url: url(), instance, warmUp, calls, atOnce: concurrency };
      const cwd = join(directory, `instance-${instance}`);
      mkdirSync(cwd, { recursive: true });
      const file = fileURLToPath(new URL('./instance-writer.ts', import.meta.url));
      const writer = fork(file, [JSON.stringify(order)], { cwd, execArgv: ['--import', import.meta.resolve('tsx')] });
      writers.push(writer);
      await nextMessage(writer);
    }
    const reports = writers.map((writer) => nextMessage(writer) as Promise<WriterReport>);
    for (const writer of writers) writer.send('go');
    const all = await Promise.all(reports);
    const took = Math.max(...all.map(({ to }) => to)) - Math.min(...all.map(({ from }) => from));
    return { rate: (instances * calls * revisionsOfCall * 1000) / took };
  } finally {
    for (const writer of writers) writer.kill();
  }
}

/** Resolves with the next message of a writer. Rejects if it exits. */
async function nextMessage(writer: ChildProcess): Promise<unknown> {
  const ended = once(writer, 'exit').then(() => Promise.reject(new Error('a writer of the bench exited too early')));
  ended.catch(() => undefined);
  return (await Promise.race([once(writer, 'message'), ended]))[0];
}

/** Revisions per commit, from the number of transactions that each instance has stored. */
async function revisionsPerCommit(url: string, instances: number): Promise<number> {
  const all = instances * (warmUp + callsConcurrent) * revisionsOfCall;
  return all / Number((await ask<{ n: string }>(url, 'SELECT sum(serial) AS n FROM instances')).n);
}

/** Rows per second that pgbench inserts into the same table: copies of one row with new ids. */
async function insertBare(url: string, connections: number, group: number, directory: string): Promise<number> {
  const row = await ask<Record<string, unknown>>(url, 'SELECT * FROM interactions ORDER BY id DESC LIMIT 1');
  const columns = Object.keys(row).filter((column) => column !== 'id');
  const values = columns.map((column) => literal(row[column]));
  // The ids belong to the month's partition and are ascending.
  const id = `'${String(row.id).slice(0, 14)}7' || lpad(:client_id::text, 3, '0') || '-8000-' || lpad(:n::text, 12, '0')`;
  const into = `INSERT INTO interactions (id, ${columns.join(', ')}) VALUES (${id}, ${values.join(', ')});`;
  const insert = `\\set n :n + 1\n${into}\n`;
  const script = join(directory, 'bare.sql');
  writeFileSync(script, `BEGIN;\n${insert.repeat(group)}COMMIT;\n`);
  const { pathname, port } = new URL(url);
  const where = ['-h', '127.0.0.1', '-p', port, '-U', 'postgres'];
  const load = ['-n', '-M', 'prepared', '-D', 'n=0', '-f', script, '-c', String(connections), '-T', String(seconds)];
  const said = execFileSync(join(binaries(), 'pgbench'), [...load, ...where, pathname.slice(1)], { encoding: 'utf8' });
  return Number(/tps = ([\d.]+)/.exec(said)?.[1]) * group;
}

/** An SQL literal. Colons are escaped, because pgbench would take them for its variables. */
function literal(value: unknown): string {
  if (value === null) return 'NULL';
  if (typeof value !== 'string') return String(value);
  return `E'${value.replaceAll('\\', '\\\\').replaceAll("'", "''").replaceAll(':', '\\x3a')}'`;
}

async function ask<Row extends pg.QueryResultRow>(url: string, sql: string): Promise<Row> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    const [row] = (await client.query<Row>(sql)).rows;
    if (row === undefined) throw new Error('expected a row of the bench in the store, found none');
    return row;
  } finally {
    await client.end();
  }
}
