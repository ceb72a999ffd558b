import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { CallSnapshot } from '../src/domain/contact-event.ts';
import { openStore } from '../src/store/open.ts';
import { endedCall } from '../test/support/calls.ts';
import { type BenchResult, median, result } from './result.ts';

/** Written before the clock starts: a fresh thread runs uncompiled code. */
const warmUp = 5_000;
const calls = 25_000;
const atOnce = 500;
const rounds = 3;

/** By what a table's rows stand in the order of writing, where its key is not that. */
const written: Readonly<Record<string, string>> = {
  event_keys: 'interaction',
  interactions: 'id',
  history: 'interaction',
};

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
    const rate = (took: readonly number[]) => ((calls - warmUp) / median(took)) * 1000;
    return [result('durable interactions', rate(ours), '1/s', peer, rate(bare), '>= 0.5')];
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** A call of its own client: no two have a number in common. */
function oneCall(n: number): CallSnapshot {
  return endedCall(String(n), { party: { raw: `8916${String(1_000_000 + n)}`, name: 'Ivan', withheld: false } });
}

/** Calls in flight all the time, as a busy PBX gives them: the next ones are handed over while the last ones are committed. */
async function writeCalls(path: string): Promise<number> {
  const store = await openStore({ url: `sqlite:${path}`, country: 'RU', publicUrl: 'http://pb' });
  await store.apply([{ op: 'destinations', names: ['crm'], at: 0 }]);
  let since = 0;
  let before: Promise<unknown> = Promise.resolve();
  for (let at = 0; at < calls; at += atOnce) {
    if (at === warmUp) {
      await before;
      since = performance.now();
    }
    const batch = Array.from({ length: atOnce }, (_, i) => oneCall(at + i));
    const now = Promise.all(batch.map((event) => store.apply([{ op: 'contact', event }])));
    await before;
    before = now;
  }
  await before;
  const took = performance.now() - since;
  await store.close();
  return took;
}

/** The rows that `path` ended with, in the order they were written, put into an empty database of the same schema. */
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
      const order = written[name] ?? '1';
      const rows = from.prepare(`SELECT * FROM ${name} ORDER BY ${order}`).raw().all() as unknown[][];
      const places = Array(rows[0]?.length ?? 1).fill('?');
      return {
        rows,
        insert: rows.length === 0 ? null : to.prepare(`INSERT INTO ${name} VALUES (${places.join(', ')})`),
      };
    });
  const batches = calls / atOnce;
  let since = 0;
  for (let batch = 0; batch < batches; batch += 1) {
    if (batch === warmUp / atOnce) since = performance.now();
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
