import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { seededRandom } from '../test/support/random.ts';
import { kinds } from './capacity-load.ts';
import type { BenchResult } from './result.ts';
import { ceilingOf, simulate } from './simulation/commit-order.ts';
import { busiest, department, ofYear, type Stream } from './simulation/office.ts';
import { type Parts, partsOf, type StoreName, type StoreParts } from './simulation/parts.ts';

// Extrapolates the needs of offices of several sizes from measurements on one machine:
//   npm run bench -- --only capacity,desks,instances --json > measured.json
//   npm run simulate -- measured.json      (default: bench/simulation/measured.json of 26 November 2026)
// The assumptions are described in docs/capacity.md. The results are not measurements.

/** Each revision is followed by a write of its delivery, which is lighter but counted as one. */
const writesOfRevision = 2;
/** Number of simulated writes, and the load at which a store or a core counts as full, because waits grow fast beyond it. */
const simulated = 400_000;
const full = 0.7;

interface Scenario {
  readonly name: string;
  readonly stream: Stream;
  readonly desks: number;
}

const scenarios: readonly Scenario[] = [
  ...[50, 500, 5000].map((seats) => ({ name: `${seats} seats`, stream: busiest(seats, department), desks: seats })),
  { name: '1 000 calls/s', stream: { call: 1000, letter: 0, message: 0, form: 0 }, desks: 0 },
];

function needsOf({ name, stream, desks }: Scenario, store: StoreName, parts: Parts) {
  const own = parts.stores[store];
  const writes = sum(stream, (kind) => own.revisions[kind] * writesOfRevision);
  const ceiling = ceilingOf(own.order);
  const simulation = writes < ceiling ? simulate(own.order, writes, simulated, seededRandom(1)) : null;
  const contacts = sum(stream, (kind) => own.gateway[kind]) / 1000;
  const shown = (desks * (parts.deskOwn + desks * parts.deskPerPhone)) / 1000;
  const gateway = contacts + shown;
  const database = sum(stream, (kind) => own.database[kind]) / 1000;
  return {
    what: `${name}, ${store}`,
    'writes/s': round(writes),
    'of the ceiling': round(writes / ceiling),
    'stores needed': Math.max(1, Math.ceil(writes / (ceiling * full))),
    'commit, half ms': simulation === null ? '–' : round(simulation.half),
    'commit, p99 ms': simulation === null ? '–' : round(simulation.p99),
    'gateway cores': round(gateway),
    'of these for desks': round(shown),
    'instances needed': Math.max(1, Math.ceil(gateway / full)),
    'database cores': round(database),
    'desks GB': round((desks * parts.deskMemory) / 1e6),
    'GB a year': name.endsWith('seats')
      ? Math.round(sum(ofYear(stream, department), (kind) => own.kept[kind]) / 1e6)
      : '–',
    'first limit': firstLimit(writes / ceiling, gateway),
  };
}

/** The first bottleneck: the sequence of commits, or the main thread of an instance. */
function firstLimit(order: number, cores: number): string {
  if (order <= full && cores <= full) return 'none';
  return order > cores ? 'order of commits' : 'an instance’s thread';
}

function sum(stream: Stream, cost: (kind: (typeof kinds)[number]) => number): number {
  return kinds.reduce((total, kind) => total + stream[kind] * cost(kind), 0);
}

function round(value: number): number {
  return Number(value.toPrecision(2));
}

function describeOrder(store: StoreName, { order }: StoreParts): string {
  return `${store}: ${round(order.fixed)} ms per commit and ${round(order.each)} ms per write, at most ${Math.round(ceilingOf(order))} writes per second`;
}

const file = process.argv[2] ?? fileURLToPath(new URL('./simulation/measured.json', import.meta.url));
const parts = partsOf(JSON.parse(readFileSync(file, 'utf8')) as readonly BenchResult[]);
const stores = ['SQLite', 'PostgreSQL'] as const;
for (const store of stores) console.log(describeOrder(store, parts.stores[store]));
console.table(scenarios.flatMap((scenario) => stores.map((store) => needsOf(scenario, store, parts))));
