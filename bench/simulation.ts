import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { seededRandom } from '../test/support/random.ts';
import { kinds } from './capacity-load.ts';
import type { BenchResult } from './result.ts';
import { ceilingOf, fare } from './simulation/commit-order.ts';
import { busiest, department, ofYear, type Stream } from './simulation/office.ts';
import { type Parts, partsOf, type StoreName, type StoreParts } from './simulation/parts.ts';

// What offices of several sizes would need, extrapolated from what was measured on one machine:
//   npm run bench -- --only capacity,desks,instances --json > measured.json
//   npm run simulate -- measured.json      (without a file: by what is in bench/simulation/measured.json, of 26 November 2026)
// The assumptions are in docs/capacity.md; nothing here is a measurement.

/** A write of the delivery for each revision: it is lighter than a revision, and counted as one. */
const writesOfRevision = 2;
/** Writes that are let come, and the load at which a store or a core counts as full: beyond it waits grow fast. */
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
  const fared = writes < ceiling ? fare(own.order, writes, simulated, seededRandom(1)) : null;
  const contacts = sum(stream, (kind) => own.gateway[kind]) / 1000;
  const shown = (desks * (parts.deskOwn + desks * parts.deskForEachTelephone)) / 1000;
  const gateway = contacts + shown;
  const database = sum(stream, (kind) => own.database[kind]) / 1000;
  return {
    what: `${name}, ${store}`,
    'writes/s': round(writes),
    'of the ceiling': round(writes / ceiling),
    'stores needed': Math.max(1, Math.ceil(writes / (ceiling * full))),
    'commit, half ms': fared === null ? '–' : round(fared.half),
    'commit, p99 ms': fared === null ? '–' : round(fared.p99),
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

/** What is full first: the one order of commits, or the one thread in which an instance does everything else. */
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
  return `${store}: a commit ${round(order.fixed)} ms and ${round(order.each)} ms for each write, ${Math.round(ceilingOf(order))} writes a second at the most`;
}

const file = process.argv[2] ?? fileURLToPath(new URL('./simulation/measured.json', import.meta.url));
const parts = partsOf(JSON.parse(readFileSync(file, 'utf8')) as readonly BenchResult[]);
const stores = ['SQLite', 'PostgreSQL'] as const;
for (const store of stores) console.log(describeOrder(store, parts.stores[store]));
console.table(scenarios.flatMap((scenario) => stores.map((store) => needsOf(scenario, store, parts))));
