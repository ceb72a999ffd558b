import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CallSnapshot } from '../src/domain/interaction/contact-event.ts';
import { openStore } from '../src/intake/open-store.ts';
import { endedCall } from '../test/support/calls.ts';
import { insertBareRows } from './bare-rows.ts';
import { type BenchResult, median, result } from './result.ts';

/** Calls written before the measurement starts, because a new thread runs uncompiled code. */
const warmUp = 5_000;
const calls = 25_000;
const atOnce = 500;
const rounds = 3;
const sameRows = { order: { event_keys: 'interaction' }, batches: calls / atOnce, warmUp: warmUp / atOnce };

/** Durable interactions per second by `store.apply`, compared with bare better-sqlite3 inserts of the same rows in batches of the same size. */
export async function benchStore(): Promise<readonly BenchResult[]> {
  const directory = mkdtempSync(join(tmpdir(), 'patchbay-bench-'));
  try {
    const ours: number[] = [];
    const bare: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const path = join(directory, `ours-${round}.db`);
      ours.push(await writeCalls(path));
      bare.push(insertBareRows(path, join(directory, `bare-${round}.db`), sameRows));
    }
    const peer = 'bare better-sqlite3 inserts of the same rows, WAL, synchronous=FULL';
    const rate = (took: readonly number[]) => ((calls - warmUp) / median(took)) * 1000;
    return [result('durable interactions', rate(ours), '1/s', peer, rate(bare), '>= 0.5')];
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** A call with a unique number. */
function oneCall(n: number): CallSnapshot {
  return endedCall(String(n), { party: { raw: `8916${String(1_000_000 + n)}`, name: 'Ivan', withheld: false } });
}

/** Writes calls continuously, as from a busy PBX: the next batch is submitted while the previous one is committed. */
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
