import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startPostgres } from '../test/support/postgres-server.ts';
import { bring, fileOfLetter, type Kind, kinds } from './capacity-load.ts';
import { Site, type Used } from './capacity-site.ts';
import { type BenchResult, median, result } from './result.ts';

const rounds = 3;
/** Concurrent contacts per kind, and the number of contacts in a run. Letters arrive as fast as the mailbox is read. */
const crowd = { call: 100, letter: 8, message: 32, form: 32 };
const inCrowd = 600;
const alone = { call: 60, letter: 30, message: 120, form: 120 };
/** Milliseconds of the idle measurement, and of the wait until all work is done. */
const idle = 5000;
const settled = 500;

/** Processor time in milliseconds, without that of the idle program. */
interface Cost {
  readonly gateway: number;
  readonly database: number;
}

interface Costs {
  readonly crowd: Cost;
  readonly alone: Cost;
  /** Bytes stored per contact. */
  readonly store: number;
  readonly blobs: number;
}

/**
 * Costs of a call (with all its revisions), a letter, a message and a form: processor time of the built program and of PostgreSQL, and
 * bytes stored, with both stores. They are measured concurrently, and one after the other, when no commit is shared. The costs include
 * matching, routing (also by FastAGI) and the delivery to one CRM. Half of the parties are clients. Run `npm run build` first.
 */
export async function benchCapacity(): Promise<readonly BenchResult[]> {
  const directory = mkdtempSync(join(tmpdir(), 'patchbay-bench-'));
  const server = await startPostgres({ durable: true });
  try {
    const sqlite = await onStore(join(directory, 'sqlite'), `sqlite:${join(directory, 'site.db')}`, null);
    const postgres = await onStore(join(directory, 'postgres'), server.database(), server.pid());
    return rows(sqlite, postgres);
  } finally {
    server.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

interface Measured {
  readonly costs: Readonly<Record<Kind, Costs>>;
  /** Processor time of the idle program per millisecond. */
  readonly idle: Cost;
  /** Revisions of one call. */
  readonly revisions: number;
}

async function onStore(directory: string, store: string, postgres: number | null): Promise<Measured> {
  const site = await Site.open(directory, store, postgres);
  let brought = 0;
  const inOneGo = async (kind: Kind, count: number, atOnce: number) => {
    await bring(kind, site.outside, brought, count, atOnce);
    brought += count;
    await site.reached(brought);
  };
  const oneAfterTheOther = async (kind: Kind) => {
    for (let n = 0; n < alone[kind]; n += 1) await inOneGo(kind, 1, 1);
  };
  try {
    for (const kind of kinds) await inOneGo(kind, inCrowd, crowd[kind]);
    await pause(settled);
    const before = site.used();
    await pause(idle);
    const nothing = costOf(before, site.used(), { gateway: 0, database: 0 }, 1);
    const idling = { gateway: nothing.gateway / idle, database: nothing.database / idle };
    const costs = {} as Record<Kind, Costs>;
    let revisions = 0;
    for (const kind of kinds) {
      const [from, firstRevision] = [await site.kept(), site.revisions];
      const together: Cost[] = [];
      for (let round = 0; round < rounds; round += 1)
        together.push(await measure(site, inCrowd, idling, () => inOneGo(kind, inCrowd, crowd[kind])));
      const to = await site.kept();
      if (kind === 'call') revisions = (site.revisions - firstRevision) / (rounds * inCrowd);
      const single: Cost[] = [];
      for (let round = 0; round < rounds; round += 1)
        single.push(await measure(site, alone[kind], idling, () => oneAfterTheOther(kind)));
      const each = (bytes: number) => bytes / (rounds * inCrowd);
      costs[kind] = {
        crowd: medianCost(together),
        alone: medianCost(single),
        store: each(to.store - from.store),
        blobs: each(to.blobs - from.blobs),
      };
    }
    return { costs, idle: idling, revisions };
  } finally {
    await site.close();
  }
}

/** The cost of each of the `count` contacts that `work` creates. */
async function measure(site: Site, count: number, idling: Cost, work: () => Promise<void>): Promise<Cost> {
  const before = site.used();
  await work();
  // Wait until the CRM's last answers have been stored.
  await pause(settled);
  return costOf(before, site.used(), idling, count);
}

function costOf(before: Used, after: Used, idling: Cost, count: number): Cost {
  const took = after.at - before.at;
  return {
    gateway: (after.gateway - before.gateway - idling.gateway * took) / count,
    database: (after.database - before.database - idling.database * took) / count,
  };
}

function medianCost(costs: readonly Cost[]): Cost {
  return { gateway: median(costs.map((cost) => cost.gateway)), database: median(costs.map((cost) => cost.database)) };
}

function rows(sqlite: Measured, postgres: Measured): readonly BenchResult[] {
  const aim = 'none set';
  const unit = 'ms of a core';
  const single = 'one after the other';
  const ofKind = kinds.flatMap((kind) => {
    const [near, far] = [sqlite.costs[kind], postgres.costs[kind]];
    return [
      result(`${kind}: gateway on SQLite`, near.crowd.gateway, unit, single, near.alone.gateway, aim),
      result(`${kind}: gateway on PostgreSQL`, far.crowd.gateway, unit, single, far.alone.gateway, aim),
      result(`${kind}: PostgreSQL itself`, far.crowd.database, unit, single, far.alone.database, aim),
      result(`${kind}: kept in SQLite`, near.store / 1000, 'kB', 'in PostgreSQL', far.store / 1000, aim),
    ];
  });
  const [{ idle: near }, { idle: far }] = [sqlite, postgres];
  const second = `${unit} a second`;
  const files = sqlite.costs.letter.blobs / 1000;
  return [
    ...ofKind,
    result('letter: files kept', files, 'kB', 'the file that it brought', fileOfLetter / 1000, aim),
    result('call on SQLite', sqlite.revisions, 'revisions', 'on PostgreSQL', postgres.revisions, aim),
    result('idle gateway, SQLite', near.gateway * 1000, second, 'on PostgreSQL', far.gateway * 1000, aim),
    result('idle PostgreSQL', far.database * 1000, second, 'its gateway', far.gateway * 1000, aim),
  ];
}
