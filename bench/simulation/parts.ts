import { type Kind, kinds } from '../capacity-load.ts';
import type { BenchResult } from '../result.ts';
import { type CommitOrder, orderOf } from './commit-order.ts';

/** The kinds of stores. */
export type StoreName = 'SQLite' | 'PostgreSQL';

/** Measured costs with one store. */
export interface StoreParts {
  readonly order: CommitOrder;
  /** Per contact of each kind: milliseconds of a core for the gateway and for the database's processes, and kB stored with files. */
  readonly gateway: Readonly<Record<Kind, number>>;
  readonly database: Readonly<Record<Kind, number>>;
  readonly kept: Readonly<Record<Kind, number>>;
  /** Revisions per contact; only calls have more than one. */
  readonly revisions: Readonly<Record<Kind, number>>;
}

/** All measurements that the simulation uses. */
export interface Parts {
  readonly stores: Readonly<Record<StoreName, StoreParts>>;
  /** Memory of an open desk in kB. */
  readonly deskMemory: number;
  /** Milliseconds of a core per second for an open desk: for its own updates, and for the state of each phone of the office. */
  readonly deskOwn: number;
  readonly deskPerPhone: number;
}

/** Concurrent writes in the bench of instances, and the limit of writes in a commit (src/store). */
const crowd = 100;
const maxWritesPerCommit = 500;
/** Two measured offices. The cost of a desk grows with the office, because it shows the states of all phones. */
const small = 500;
const large = 2000;

/** Reads the parts from the results of `npm run bench -- --only capacity,desks,instances --json`. Throws if one is missing. */
export function partsOf(results: readonly BenchResult[]): Parts {
  const row = (name: string) => {
    const found = results.find((one) => one.name === name);
    if (found === undefined)
      throw new Error(
        `expected a row "${name}"; measure with \`npm run bench -- --only capacity,desks,instances --json > measured.json\``,
      );
    return found;
  };
  const each = (value: (kind: Kind) => number) =>
    Object.fromEntries(kinds.map((kind) => [kind, value(kind)])) as Record<Kind, number>;
  const deskCost = (desks: number) => {
    const { ours, peerRate } = row(`${desks} desks: processor`);
    return (ours - peerRate) / desks;
  };
  const perPhone = Math.max(0, (deskCost(large) - deskCost(small)) / (large - small));
  const files = row('letter: files kept').ours;
  const fileOf = (kind: Kind) => (kind === 'letter' ? files : 0);
  const revisions = (ofCall: number) => each((kind) => (kind === 'call' ? ofCall : 1));
  const order = (crowded: string, alone: string) =>
    orderOf(row(alone).ours, row(crowded).ours, crowd, maxWritesPerCommit);
  return {
    stores: {
      SQLite: {
        order: order('revisions, SQLite', 'revisions alone, SQLite'),
        gateway: each((kind) => row(`${kind}: gateway on SQLite`).ours),
        database: each(() => 0),
        kept: each((kind) => row(`${kind}: kept in SQLite`).ours + fileOf(kind)),
        revisions: revisions(row('call on SQLite').ours),
      },
      PostgreSQL: {
        order: order('revisions, 1 on PostgreSQL', 'revisions alone, PostgreSQL'),
        gateway: each((kind) => row(`${kind}: gateway on PostgreSQL`).ours),
        database: each((kind) => row(`${kind}: PostgreSQL itself`).ours),
        kept: each((kind) => row(`${kind}: kept in SQLite`).peerRate + fileOf(kind)),
        revisions: revisions(row('call on SQLite').peerRate),
      },
    },
    deskMemory: row(`${large} desks: memory of one`).ours,
    deskOwn: Math.max(0, deskCost(small) - small * perPhone),
    deskPerPhone: perPhone,
  };
}
