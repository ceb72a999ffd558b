import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Manager } from '../src/domain/manager.ts';
import type { RoutingPlan } from '../src/domain/routing.ts';
import { AnsweringThread } from '../src/intake/answering/answering-thread.ts';
import { silentLogger } from '../src/runtime/log.ts';
import { spawnThread } from '../src/runtime/thread.ts';
import { openStore } from '../src/store/open.ts';
import { type BenchResult, median, result } from './result.ts';
import type { AskerData } from './route-asker.ts';

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
  ringTimeout: 20,
  rules: [{ name: 'night', when: { hours: '!office' }, to: { kind: 'queue', id: '900' } }],
  fallback: { kind: 'queue', id: '600' },
  groups: {},
  hours: {
    office: { timezone: 'Europe/Moscow', week: Array(7).fill([{ from: 0, to: 1440 }]), holidays: [], workdays: [] },
  },
};

/** Decisions by FastAGI with a directory of `clients`, beside a server that sends constants. */
export async function benchRoute(clients = 1_000_000): Promise<readonly BenchResult[]> {
  const directory = mkdtempSync(join(tmpdir(), 'patchbay-bench-'));
  const database = join(directory, 'patchbay.db');
  const load = fileURLToPath(new URL('./route-load.ts', import.meta.url));
  execFileSync(process.execPath, ['--import', 'tsx', load, database, String(clients)], { stdio: 'inherit' });
  const store = await openStore({ url: `sqlite:${database}`, country: 'RU', publicUrl: 'http://pb' });
  const thread = new AnsweringThread({
    database,
    country: 'RU',
    listeners: [{ connection: 'pbx', host: '127.0.0.1', port: 0, dial: 'PJSIP/{extension}' }],
    turns: {},
    plan,
    staff: { managers, lines: [] },
    log: silentLogger,
  });
  await thread.start();
  const bare = spawnThread(import.meta.url, './route-bare');
  const [barePort] = (await once(bare, 'message')) as [number];
  const port = thread.ports.pbx ?? 0;
  try {
    // Both are warmed up, then measured by turns, so that neither has the quieter machine.
    await measure({ port, clients, asks: 2000, lanes });
    await measure({ port: barePort, clients, asks: 2000, lanes });
    const runs = [];
    for (let i = 0; i < 3; i++) {
      const ours = await measure({ port, clients, asks, lanes });
      runs.push({ ours, peer: await measure({ port: barePort, clients, asks, lanes }) });
    }
    const ours = { rate: median(runs.map((run) => run.ours.rate)), p99: median(runs.map((run) => run.ours.p99)) };
    const peer = { rate: median(runs.map((run) => run.peer.rate)), p99: median(runs.map((run) => run.peer.p99)) };
    const bareServer = 'bare FastAGI server sending eight constants';
    return [
      result('FastAGI decisions', ours.rate, '1/s', bareServer, peer.rate, '>= 0.7'),
      result('FastAGI p99', ours.p99, 'ms', bareServer, peer.p99, '<= 3'),
    ];
  } finally {
    await thread.stop();
    await bare.terminate();
    await store.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function measure(workerData: AskerData): Promise<{ rate: number; p99: number }> {
  const asker = spawnThread(import.meta.url, './route-asker', { workerData });
  const [{ ms, took }] = (await once(asker, 'message')) as [{ ms: number; took: number[] }];
  await asker.terminate();
  const sorted = took.sort((a, b) => a - b);
  return { rate: (took.length / ms) * 1000, p99: sorted[Math.floor(sorted.length * 0.99)] ?? 0 };
}
