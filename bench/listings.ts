import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { ClientId } from '../src/domain/base/ids.ts';
import type { Store } from '../src/domain/ports/store.ts';
import { openStore } from '../src/intake/open-store.ts';
import { openForWriting } from '../src/store/sqlite/connect.ts';
import { call, client, endedCall } from '../test/support/calls.ts';
import { fillWithCalls } from './listing-rows.ts';
import { type BenchResult, median, result } from './result.ts';

const sizes = [10_000, 100_000, 1_000_000] as const;
const runs = 40;
const pops = 60;
const page = { limit: 50, cursor: null };

/** Listings and searches as requested by the web page and by programs, including rare and empty results. */
const questions: Readonly<Record<string, (read: Store['read']) => Promise<unknown>>> = {
  'contacts, all': (read) => read.interactions(page),
  'calls that failed (rare)': (read) => read.interactions({ ...page, channel: 'call', state: 'failed' }),
  'all that failed (rare)': (read) => read.interactions({ ...page, state: 'failed' }),
  'forms (none)': (read) => read.interactions({ ...page, channel: 'form' }),
  'internal contacts (none)': (read) => read.interactions({ ...page, direction: 'internal' }),
  'missed calls of a month': (read) =>
    read.interactions({ ...page, state: 'missed', since: '2026-11-01T00:00:00.000Z' }),
  'contacts of a manager': (read) => read.interactions({ ...page, manager: 'm1' }),
  'contacts of a client': (read) => read.interactions({ ...page, client: 'c1' }),
  'contacts of a department': (read) =>
    read.under({ managers: ['m1', 'm2', 'm3'], lines: ['main'], otherLines: [] }).interactions(page),
  leads: (read) => read.leads(page),
  'leads, open': (read) => read.leads({ ...page, state: 'open' }),
  tasks: (read) => read.tasks(page),
  'tasks of a manager': (read) => read.tasks({ ...page, manager: 'm1' }),
  'clients by words': (read) => read.clients({ ...page, q: 'client 77' }),
  deliveries: (read) => read.owed(page),
  'deliveries, parked (none)': (read) => read.owed({ ...page, state: 'parked' }),
  'counts of lines by hour': (read) => read.hourCounts(Date.parse('2026-09-20T00:00:00Z')),
};

/**
 * How long listings and searches take with 10,000, 100,000 and 1,000,000 contacts on SQLite. Also measures, while all of them are requested
 * in a loop, the delay of the main thread's event loop, and how long a ringing call takes to be committed and to get its card.
 */
export async function benchListings(): Promise<readonly BenchResult[]> {
  const directory = mkdtempSync(join(tmpdir(), 'patchbay-bench-'));
  const path = join(directory, 'listings.db');
  try {
    const results: BenchResult[] = [];
    let first: ReadonlyMap<string, number> = new Map();
    for (const size of sizes) {
      const store = await openStore({
        url: `sqlite:${path}`,
        country: 'RU',
        publicUrl: 'http://127.0.0.1',
        alone: true,
      });
      try {
        if (first.size === 0) await prepare(store);
        const db = openForWriting(path);
        fillWithCalls(db, size);
        db.close();
        const times = await measure(store);
        if (first.size === 0) first = times;
        for (const [name, time] of times)
          results.push(
            result(`${name}, of ${size}`, time, 'ms', `of ${sizes[0]}`, first.get(name) ?? Number.NaN, aimOf(name)),
          );
      } finally {
        await store.close();
      }
    }
    return results;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

const delay = 'main loop held up by listings, p99';
const pop = 'a call that rings, committed and its card read meanwhile, p99';

function aimOf(name: string): string {
  if (name === delay) return '≤ 20 ms';
  return name === pop ? '≤ 2, ≤ 250 ms' : '≤ 2';
}

/** Creates clients, a destination, and the call from which the others are copied. */
async function prepare(store: Store): Promise<void> {
  const clients = Array.from({ length: 20_000 }, (_, i) => client(`c${i}`, [`+7495${1_000_000 + i}`]));
  await store.apply([
    { op: 'destinations', names: ['crm'], at: 1 },
    { op: 'put-clients', clients, at: 1 },
    { op: 'contact', event: endedCall('answered') },
  ]);
}

async function measure(store: Store): Promise<ReadonlyMap<string, number>> {
  const times = new Map<string, number>();
  for (const [name, ask] of Object.entries(questions)) {
    const took: number[] = [];
    for (let i = 0; i < runs; i += 1) {
      const since = performance.now();
      await ask(store.read);
      took.push(performance.now() - since);
    }
    times.set(name, median(took));
  }
  const histogram = monitorEventLoopDelay({ resolution: 1 });
  histogram.enable();
  let over = false;
  const asking = (async () => {
    while (!over) for (const ask of Object.values(questions)) await ask(store.read);
  })();
  const waits: number[] = [];
  for (let i = 0; i < pops; i += 1) waits.push(await ring(store, i));
  over = true;
  await asking;
  histogram.disable();
  times.set(delay, histogram.percentile(99) / 1e6);
  times.set(pop, waits.toSorted((a, b) => a - b)[Math.floor(waits.length * 0.99)] ?? Number.NaN);
  return times;
}

let rung = 0;
async function ring(store: Store, i: number): Promise<number> {
  rung += 1;
  const party = { raw: `+7495${1_000_000 + i}`, name: 'Client', withheld: false };
  const since = performance.now();
  await store.apply([{ op: 'contact', event: call(`rings-${rung}`, { party }) }]);
  const id = `c${i}` as ClientId;
  await Promise.all([store.read.client(id), store.read.interactions({ limit: 20, cursor: null, client: id })]);
  return performance.now() - since;
}
