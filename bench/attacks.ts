import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type WebSocket from 'ws';
import { hostileLetters } from '../test/attacks/support/hostile-letters.ts';
import { AttackedProgram, adminToken } from '../test/attacks/support/program.ts';
import { Dovecot } from '../test/real/mail/dovecot.ts';
import { client } from '../test/support/calls.ts';
import { logIn, openDesk } from '../test/support/desk-login.ts';
import { attackInputs } from './attack-inputs.ts';
import { measure, type Waits } from './attack-probes.ts';
import { type BenchResult, result } from './result.ts';

const calm = 10_000;
const attacked = 10_000;
/** Milliseconds of an attack before the measurement starts, and for recovery after it. */
const lead = 1000;
const clients = 20_000;
const kinds = ['forms', 'routes', 'pops'] as const;

/**
 * How long other users wait (p99) for a form's answer, a FastAGI answer and a pop at the desk during an attack with inputs of the allowed
 * size, compared with the same program without an attack. Run `npm run build` first. `PATCHBAY_TEST_STORE=postgres` uses PostgreSQL.
 */
export async function benchAttacks(): Promise<readonly BenchResult[]> {
  const many = Array.from({ length: clients }, (_, i) => client(`many-${i}`, [`+7495${1_000_000 + i}`]));
  const dovecot = new Dovecot();
  await dovecot.start();
  // Creates the folders that a new mailbox of a server has.
  for (const folder of ['INBOX', 'Sent']) dovecot.deliver('sales', [], folder);
  const program = await AttackedProgram.start({
    config: { log: { level: 'error' }, connectors: { sales: mailbox(dovecot) } },
    seed: [{ op: 'put-clients', clients: many, at: 1 }],
  });
  try {
    const desk = await openDesk(program.url, await logIn(program.url, 'a'));
    await measure(program, desk, lead);
    const alone = await measure(program, desk, calm);
    const results: BenchResult[] = [];
    const report = (what: string, waits: Waits) => {
      for (const kind of kinds)
        results.push(
          result(`p99 of ${kind}, ${what}`, p99(waits[kind]), 'ms', 'left alone', p99(alone[kind]), '<= 250 ms'),
        );
    };
    for (const { what } of attackInputs) report(what, await under(program, desk, what));
    report(`${hostileLetters.length} hostile letters`, await underLetters(program, desk, dovecot));
    desk.terminate();
    return results;
  } finally {
    await program.stop();
    await dovecot.close();
  }
}

function mailbox({ port }: Dovecot) {
  const imap = { host: '127.0.0.1', port, tls: false };
  const account = { address: 'sales@our.example', user: 'sales', password: 'secret' };
  return { kind: 'mail', ...account, since: '2020-01-01', imap };
}

/** Measures until all hostile letters have been imported. */
async function underLetters(program: AttackedProgram, desk: WebSocket, dovecot: Dovecot): Promise<Waits> {
  const waits: Waits = { forms: [], routes: [], pops: [] };
  dovecot.deliver(
    'sales',
    hostileLetters.map(({ raw }) => raw),
  );
  for (let read = 0; read < hostileLetters.length; ) {
    const some = await measure(program, desk, lead);
    for (const kind of kinds) waits[kind].push(...some[kind]);
    const { items } = await program.api<{ items: readonly unknown[] }>(
      'GET',
      '/api/v1/interactions?channel=email&limit=200',
    );
    read = items.length;
  }
  return waits;
}

async function under(program: AttackedProgram, desk: WebSocket, what: string): Promise<Waits> {
  const file = fileURLToPath(new URL('./attack-load.ts', import.meta.url));
  const args = ['--import', 'tsx', file, program.url, what, adminToken];
  const attacker = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    await once(attacker.stdout, 'data');
    await setTimeout(lead);
    return await measure(program, desk, attacked);
  } finally {
    attacker.kill();
    if (attacker.exitCode === null && attacker.signalCode === null) await once(attacker, 'exit');
    await setTimeout(lead);
  }
}

function p99(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.99))] ?? Number.NaN;
}
