import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type WebSocket from 'ws';
import { AttackedProgram, adminToken } from '../test/attacks/support/program.ts';
import { client } from '../test/support/calls.ts';
import { logIn, openDesk } from '../test/support/desk-login.ts';
import { attackInputs } from './attack-inputs.ts';
import { measure, type Waits } from './attack-probes.ts';
import { type BenchResult, result } from './result.ts';

const calm = 10_000;
const attacked = 10_000;
/** Milliseconds that an attack goes on before others are measured, and that the program then has to recover. */
const lead = 1000;
const clients = 20_000;
const kinds = ['forms', 'routes', 'pops'] as const;

/**
 * How long others wait (p99) for a form's answer, a FastAGI answer and a desk's pop while one input of the allowed size is sent again and again,
 * beside the same program left alone, in one run. Build it first: `npm run build`; on PostgreSQL with `PATCHBAY_TEST_STORE=postgres` and its servers.
 */
export async function benchAttacks(): Promise<readonly BenchResult[]> {
  const many = Array.from({ length: clients }, (_, i) => client(`many-${i}`, [`+7495${1_000_000 + i}`]));
  const program = await AttackedProgram.start({
    config: { log: { level: 'error' } },
    seed: [{ op: 'put-clients', clients: many, at: 1 }],
  });
  try {
    const desk = await openDesk(program.url, await logIn(program.url, 'a'));
    await measure(program, desk, lead);
    const alone = await measure(program, desk, calm);
    const results: BenchResult[] = [];
    for (const { what } of attackInputs) {
      const waits = await under(program, desk, what);
      for (const kind of kinds)
        results.push(
          result(`p99 of ${kind}, ${what}`, p99(waits[kind]), 'ms', 'left alone', p99(alone[kind]), '<= 250 ms'),
        );
    }
    desk.terminate();
    return results;
  } finally {
    await program.stop();
  }
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
