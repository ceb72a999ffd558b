import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { openStore } from '../src/store/open.ts';
import { endedCall } from '../test/support/calls.ts';
import { type BenchResult, median, result } from './result.ts';

const calls = 20_000;
const atOnce = 500;
const rounds = 3;

/** Durable interactions a second: `store.apply`, beside bare better-sqlite3 inserts of the very same rows in as large batches. */
export async function benchStore(): Promise<readonly BenchResult[]> {
  const directory = mkdtempSync(join(tmpdir(), 'patchbay-bench-'));
  try {
    const ours: number[] = [];
    const bare: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const path = join(directory, `ours-${round}.db`);
      ours.push(await writeCalls(path));
      bare.push(insertRows(path, join(directory, `bare-${round}.db`)));
    }
    const peer = 'bare better-sqlite3 inserts of the same rows, WAL, synchronous=FULL';
    const rate = (took: readonly number[]) => (calls / median(took)) * 1000;
    return [result('durable interactions', rate(ours), '1/s', peer, rate(bare), '>= 0.5')];
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function writeCalls(path: string): Promise<number> {
  const store = await openStore({ url: `sqlite:${path}`, country: 'RU', publicUrl: 'http://pb' });
  await store.apply([{ op: 'destinations', names: ['crm'], at: 0 }]);
  const since = performance.now();
  for (let at = 0; at < calls; at += atOnce) {
    const batch = Array.from({ length: atOnce }, (_, i) => endedCall(String(at + i)));
    await Promise.all(batch.map((event) => store.apply([{ op: 'contact', event }])));
  }
  const took = performance.now() - since;
  await store.close();
  return took;
}

/** The rows that `path` ended with, put into an empty database of the same schema. */
function insertRows(path: string, into: string): number {
  const from = new Database(path, { readonly: true });
  const schema = from.prepare(
    "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'",
  );
  const objects = schema.all() as { type: string; name: string; sql: string }[];
  const to = new Database(into);
  to.pragma('journal_mode = WAL');
  to.pragma('synchronous = FULL');
  for (const { sql } of objects) to.exec(sql);
  const tables = objects
    .filter(({ type }) => type === 'table')
    .map(({ name }) => {
      const rows = from.prepare(`SELECT * FROM ${name}`).raw().all() as unknown[][];
      const places = Array(rows[0]?.length ?? 1).fill('?');
      return {
        rows,
        insert: rows.length === 0 ? null : to.prepare(`INSERT INTO ${name} VALUES (${places.join(', ')})`),
      };
    });
  const batches = calls / atOnce;
  const since = performance.now();
  for (let batch = 0; batch < batches; batch += 1) {
    to.exec('BEGIN IMMEDIATE');
    for (const { rows, insert } of tables) {
      const part = (at: number) => Math.round((rows.length * at) / batches);
      for (const row of rows.slice(part(batch), part(batch + 1))) insert?.run(...row);
    }
    to.exec('COMMIT');
  }
  const took = performance.now() - since;
  to.close();
  from.close();
  return took;
}
