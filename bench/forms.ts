import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { Gateway } from '../test/real/crash/gateway.ts';
import { freeTcpPort } from '../test/real/lab/ports.ts';
import { visitorsForm } from '../test/support/form-sender.ts';
import { postForms } from './form-load.ts';
import { type FormRows, rowsOfForm } from './form-rows.ts';
import { type BenchResult, median, result } from './result.ts';

const forms = 6000;
const warmUp = 3000;
const rounds = 3;
const lanes = 128;
const path = '/api/v1/forms/site';

/** A bare handler to compare with, and its rate of forms per second in each round. */
interface Peer {
  readonly what: string;
  readonly aim: string;
  readonly url: string;
  readonly rates: number[];
}

/**
 * Forms per second accepted by the built program, compared with bare fastify handlers that insert only the row of the interaction, or all
 * rows of a form, with a commit for each form, or one for all that wait. Each is a separate process. Run `npm run build` first.
 */
export async function benchForms(): Promise<readonly BenchResult[]> {
  const directory = mkdtempSync(join(tmpdir(), 'patchbay-bench-'));
  const children: ChildProcess[] = [];
  let serial = 0;
  const post = (url: string, count: number) => {
    const bodies = Array.from({ length: count }, () => {
      serial += 1;
      return visitorsForm(serial);
    });
    return postForms(url, path, bodies, lanes);
  };
  const database = join(directory, 'ours.db');
  const url = `http://127.0.0.1:${await freeTcpPort()}`;
  const gateway = new Gateway({ config: configure(directory, database, url), url, log: join(directory, 'log') });
  gateway.start();
  try {
    await listening(url, gateway);
    await post(url, warmUp);
    const left = rowsOfForm(database);
    const rowOnly = left.rows.filter(({ table }) => table === 'interactions');
    const peers: Peer[] = [];
    const bare = async (what: string, commits: 'each' | 'group', rows: FormRows['rows'], aim: string) => {
      serial += 1;
      const args = [join(directory, `${serial}.db`), JSON.stringify({ ...left, rows }), commits];
      const peer = { what, aim, url: await start(children, 'form-bare.ts', ...args), rates: [] };
      await post(peer.url, warmUp);
      peers.push(peer);
    };
    await bare('a commit for each form, inserting the row of the interaction', 'each', rowOnly, '>= 0.6');
    await bare('one commit for all that wait, inserting the row of the interaction', 'group', rowOnly, '>= 0.6');
    await bare(
      `one commit for all that wait, inserting the ${left.rows.length} rows of a form`,
      'group',
      left.rows,
      'none set',
    );
    const rates: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      rates.push(await post(url, forms));
      for (const peer of peers) peer.rates.push(await post(peer.url, forms));
    }
    const how = 'bare fastify handler, WAL, synchronous=FULL,';
    return peers.map(({ what, aim, rates: theirs }) =>
      result('forms taken', median(rates), '1/s', `${how} ${what}`, median(theirs), aim),
    );
  } finally {
    await gateway.stop();
    for (const child of children) child.kill();
    await Promise.all(children.map((child) => child.exitCode ?? once(child, 'exit')));
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Waits until the gateway accepts forms. It has no PBX whose readiness matters. */
async function listening(url: string, gateway: Gateway): Promise<void> {
  while (
    !(await fetch(`${url}/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    ))
  ) {
    if (gateway.ended) throw new Error('the gateway exited before it was listening; is the build up to date?');
    await setTimeout(20);
  }
}

function configure(directory: string, database: string, url: string): string {
  const config = join(directory, 'patchbay.yaml');
  writeFileSync(
    config,
    stringify({
      http: { port: Number(new URL(url).port) },
      log: { level: 'error' },
      store: { url: `sqlite:${database}` },
      blobs: { url: `file:${join(directory, 'blobs')}` },
      lines: [{ id: 'site', channel: 'form' }],
    }),
  );
  return config;
}

/** Starts a file of this folder as a process, and resolves with the URL that it prints. */
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
  throw new Error(`${file} exited before it was listening`);
}
