import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { openForReading } from '../src/store/sqlite/connect.ts';
import { visitorsForm } from '../test/support/form-sender.ts';
import { postForms } from './form-load.ts';
import { type BenchResult, median, result } from './result.ts';

const forms = 6000;
const warmUp = 3000;
const rounds = 3;
const lanes = 128;
const path = '/api/v1/forms/site';

/** Forms taken a second by the whole program, beside a bare fastify handler that inserts the row of an interaction; each a process of its own. */
export async function benchForms(): Promise<readonly BenchResult[]> {
  const directory = mkdtempSync(join(tmpdir(), 'patchbay-bench-'));
  const children: ChildProcess[] = [];
  let serial = 0;
  const bodies = (count: number) =>
    Array.from({ length: count }, () => {
      serial += 1;
      return visitorsForm(serial);
    });
  try {
    const database = join(directory, 'ours.db');
    const ours = await startOurs(directory, database, children);
    await postForms(ours, path, bodies(warmUp), lanes);
    const db = openForReading(database);
    const { body } = db.prepare('SELECT body FROM interactions LIMIT 1').get() as { body: string };
    db.close();
    const bare = await start(children, 'form-bare.ts', join(directory, 'bare.db'), body);
    await postForms(bare, path, bodies(warmUp), lanes);
    const rates: { ours: number; bare: number }[] = [];
    for (let round = 0; round < rounds; round += 1)
      rates.push({
        ours: await postForms(ours, path, bodies(forms), lanes),
        bare: await postForms(bare, path, bodies(forms), lanes),
      });
    const peer = 'bare fastify handler inserting the interaction’s row, group commit, WAL, synchronous=FULL';
    const rate = (of: 'ours' | 'bare') => median(rates.map((one) => one[of]));
    return [result('forms taken', rate('ours'), '1/s', peer, rate('bare'), '>= 0.6')];
  } finally {
    for (const child of children) child.kill();
    await Promise.all(children.map((child) => child.exitCode ?? once(child, 'exit')));
    rmSync(directory, { recursive: true, force: true });
  }
}

async function startOurs(directory: string, database: string, children: ChildProcess[]): Promise<string> {
  const config = join(directory, 'patchbay.yaml');
  writeFileSync(
    config,
    stringify({
      http: { port: 0 },
      log: { level: 'error' },
      store: { url: `sqlite:${database}` },
      blobs: { url: `file:${join(directory, 'blobs')}` },
      lines: [{ id: 'site', channel: 'form' }],
    }),
  );
  return start(children, 'form-ours.ts', config);
}

/** Starts a file beside this one; it prints where it listens. */
async function start(children: ChildProcess[], file: string, ...args: string[]): Promise<string> {
  const program = fileURLToPath(new URL(file, import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', program, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  for await (const chunk of child.stdout) {
    const url = /http:\S+/.exec(String(chunk))?.[0];
    if (url !== undefined) return url;
  }
  throw new Error(`${file} ended before it listened`);
}
