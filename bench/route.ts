import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AnsweringThread } from '../src/answering/thread/thread-client.ts';
import type { Manager } from '../src/domain/directory/manager.ts';
import type { RoutingPlan } from '../src/domain/routing/routing.ts';
import { openStore } from '../src/intake/open-store.ts';
import { silentLogger } from '../src/runtime/log.ts';
import { spawnThread } from '../src/runtime/thread.ts';
import { type BenchResult, median, result } from './result.ts';
import type { AskerData } from './route-asker.ts';
import type { BareData } from './route-bare.ts';

const asks = 10_000;
const lanes = 8;

const managers = Array.from(
  { length: 100 },
  (_, i): Manager => ({
    id: `m${i}` as Manager['id'],
    name: `Manager ${i}`,
    extensions: [String(100 + i)],
    mobile: null,
    email: null,
    department: null,
    hours: 'office',
    user: null,
    deputy: null,
    absences: [],
  }),
);
const plan: RoutingPlan = {
  deadline: 500,
  within: { callBack: 15, answer: 60 },
  misses: { owners: ['client'], escalate: null },
  last: { within: 30 },
  ringTimeout: 20,
  rules: [{ name: 'night', when: { hours: '!office' }, to: { kind: 'queue', id: '900' } }],
  fallback: { kind: 'queue', id: '600' },
  groups: {},
  hours: {
    office: { timezone: 'Europe/Moscow', week: Array(7).fill([{ from: 0, to: 1440 }]), holidays: [], workdays: [] },
  },
};

/** Routing decisions by FastAGI with a directory of `clients` clients, compared with a server that sends constants. */
export async function benchRoute(clients = 1_000_000): Promise<readonly BenchResult[]> {
  const directory = mkdtempSync(join(tmpdir(), 'patchbay-bench-'));
  const database = join(directory, 'patchbay.db');
  const load = fileURLToPath(new URL('./route-load.ts', import.meta.url));
  execFileSync(process.execPath, ['--import', 'tsx', load, database, String(clients)], { stdio: 'inherit' });
  const store = await openStore({ url: `sqlite:${database}`, country: 'RU', publicUrl: 'http://pb' });
  const thread = new AnsweringThread({
    database,
    country: 'RU',
    listeners: [
      {
        connection: 'pbx',
        host: '127.0.0.1',
        port: 0,
        dial: 'PJSIP/{extension}',
        numbers: [],
        charset: 'auto' as const,
        allow: ['loopback'],
        maxConnections: 1000,
      },
    ],
    turns: {},
    plan,
    staff: { managers, lines: [] },
    log: silentLogger,
  });
  await thread.start();
  const bare = await startBare({ ahead: false });
  const ahead = await startBare({ ahead: true });
  const ports = [thread.ports.pbx ?? 0, bare.port, ahead.port];
  try {
    // Warm up all of them, then alternate, so that all run under the same conditions.
    for (const port of ports) await measure({ port, clients, asks: 2000, lanes });
    const runs: Measured[][] = [];
    for (let i = 0; i < 3; i++) {
      const run: Measured[] = [];
      for (const port of ports) run.push(await measure({ port, clients, asks, lanes }));
      runs.push(run);
    }
    const [ours, oneByOne, atOnce] = ports.map((_, i) => ({
      rate: median(runs.map((run) => run[i]?.rate ?? 0)),
      p99: median(runs.map((run) => run[i]?.p99 ?? 0)),
    })) as [Measured, Measured, Measured];
    const bareServer = 'bare FastAGI server sending eight constants';
    return [
      result('FastAGI decisions', ours.rate, '1/s', `${bareServer} one by one`, oneByOne.rate, '>= 0.7'),
      result('FastAGI p99', ours.p99, 'ms', `${bareServer} one by one`, oneByOne.p99, '<= 3'),
      result('FastAGI decisions', ours.rate, '1/s', `${bareServer} in one write`, atOnce.rate, '>= 0.5'),
      result('FastAGI p99', ours.p99, 'ms', `${bareServer} in one write`, atOnce.p99, '<= 3'),
    ];
  } finally {
    await thread.stop();
    await Promise.all([bare.stop(), ahead.stop()]);
    await store.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

interface Measured {
  /** Answers per second. */
  readonly rate: number;
  /** Milliseconds. */
  readonly p99: number;
}

async function startBare(workerData: BareData): Promise<{ port: number; stop: () => Promise<unknown> }> {
  const worker = spawnThread(import.meta.url, './route-bare', { workerData });
  const [port] = (await once(worker, 'message')) as [number];
  return { port, stop: () => worker.terminate() };
}

async function measure(workerData: AskerData): Promise<Measured> {
  const asker = spawnThread(import.meta.url, './route-asker', { workerData });
  const [{ ms, took }] = (await once(asker, 'message')) as [{ ms: number; took: number[] }];
  await asker.terminate();
  const sorted = took.sort((a, b) => a - b);
  return { rate: (took.length / ms) * 1000, p99: sorted[Math.floor(sorted.length * 0.99)] ?? 0 };
}
