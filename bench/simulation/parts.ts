import { type Kind, kinds } from '../capacity-load.ts';
import type { BenchResult } from '../result.ts';
import { type CommitOrder, orderOf } from './commit-order.ts';

/** The stores there are. */
export type StoreName = 'SQLite' | 'PostgreSQL';

/** What one store was measured to cost. */
export interface StoreParts {
  readonly order: CommitOrder;
  /** Milliseconds of a core of the gateway, of the database's own processes, and kB kept (with files), for one of each kind. */
  readonly gateway: Readonly<Record<Kind, number>>;
  readonly database: Readonly<Record<Kind, number>>;
  readonly kept: Readonly<Record<Kind, number>>;
  /** Revisions of a call; anything else has one. */
  readonly revisions: Readonly<Record<Kind, number>>;
}

/** Everything that the simulation extrapolates from. */
export interface Parts {
  readonly stores: Readonly<Record<StoreName, StoreParts>>;
  /** kB of memory of an open desk. */
  readonly deskMemory: number;
  /** Milliseconds of a core a second of an open desk for what is its own, and for each telephone of the office that it is told of. */
  readonly deskOwn: number;
  readonly deskForEachTelephone: number;
}

/** Writes under way at once in the bench of instances, and the most that a commit takes (src/store). */
const crowd = 100;
const mostInACommit = 500;
/** The offices whose desks are taken for all: what a desk costs grows with the office, whose telephones it shows. */
const small = 500;
const large = 2000;

/** Finds the parts among the results of `npm run bench -- --only capacity,desks,instances --json`. Throws what is missing. */
export function partsOf(results: readonly BenchResult[]): Parts {
  const row = (name: string) => {
    const found = results.find((one) => one.name === name);
    if (found === undefined)
      throw new Error(
        `expected a row "${name}": measure by \`npm run bench -- --only capacity,desks,instances --json > measured.json\``,
      );
    return found;
  };
  const each = (value: (kind: Kind) => number) =>
    Object.fromEntries(kinds.map((kind) => [kind, value(kind)])) as Record<Kind, number>;
  const deskCost = (desks: number) => {
    const { ours, peerRate } = row(`${desks} desks: processor`);
    return (ours - peerRate) / desks;
  };
  const forEachTelephone = Math.max(0, (deskCost(large) - deskCost(small)) / (large - small));
  const files = row('letter: files kept').ours;
  const fileOf = (kind: Kind) => (kind === 'letter' ? files : 0);
  const revisions = (ofCall: number) => each((kind) => (kind === 'call' ? ofCall : 1));
  const order = (crowded: string, alone: string) => orderOf(row(alone).ours, row(crowded).ours, crowd, mostInACommit);
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
    deskOwn: Math.max(0, deskCost(small) - small * forEachTelephone),
    deskForEachTelephone: forEachTelephone,
  };
}
