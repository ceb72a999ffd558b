import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freeUdpPort, freeUdpRange } from '../test/real/lab/ports.ts';
import { callerScenario, type PhoneBehaviour, phoneScenario } from '../test/real/lab/sipp-xml.ts';

/** Calls from the trunk, begun at a steady rate, each from a number of its own. */
export interface Stream {
  readonly name: string;
  /** The number that is called. */
  readonly to: string;
  /** Calls per second. */
  readonly rate: number;
  readonly calls: number;
  /** The first digits of the callers' numbers, and the count from which the last seven go up. */
  readonly prefix: string;
  readonly firstCaller: number;
  /** What callers do: hang up that long after the answer, or give up that long after the first ringing; else the PBX ends the call. */
  readonly hangUpAfterMs?: number;
  readonly cancelAfterMs?: number;
  /** Final responses that are no failure of the call. */
  readonly refusals: readonly number[];
}

/** SIPp's own statistics of a stream. */
export interface StreamCount {
  readonly created: number;
  readonly successful: number;
  readonly failed: number;
}

/** Runs a stream of callers to its end. SIPp keeps no messages, so that it can be fast. */
export async function runStream(dir: string, pbxPort: number, stream: Stream): Promise<StreamCount> {
  const base = join(dir, `sipp-${stream.name}-${stream.firstCaller}`);
  mkdirSync(dir, { recursive: true });
  writeFileSync(`${base}.xml`, callerScenario({ from: '[field0]', ...stream }));
  writeFileSync(
    `${base}.csv`,
    `SEQUENTIAL,PRINTF=${stream.calls},PRINTFOFFSET=${stream.firstCaller}\n${stream.prefix}%07d;\n`,
  );
  const child = spawnSipp(dir, base, '127.0.0.2', await freeUdpPort(), [
    `127.0.0.1:${pbxPort}`,
    '-inf',
    `${base}.csv`,
    '-r',
    String(stream.rate),
    '-m',
    String(stream.calls),
    '-l',
    '100000',
    '-trace_stat',
    '-stf',
    `${base}.stat`,
    '-mp',
    String(await freeUdpRange(4)),
  ]);
  await once(child, 'exit');
  return lastCount(`${base}.stat`);
}

/** Starts a phone that takes any number of calls; kill it when the calls are over. */
export async function startPhone(dir: string, name: string, port: number, behaviour: PhoneBehaviour) {
  const base = join(dir, `sipp-${name}`);
  mkdirSync(dir, { recursive: true });
  writeFileSync(`${base}.xml`, phoneScenario(behaviour));
  return spawnSipp(dir, base, '127.0.0.1', port, ['-mp', String(await freeUdpRange(4))]);
}

function spawnSipp(dir: string, base: string, ip: string, port: number, args: readonly string[]) {
  const own = ['-sf', `${base}.xml`, '-i', ip, '-p', String(port), '-nostdin', '-trace_err', '-error_file'];
  return spawn('setpriv', ['--pdeathsig', 'KILL', 'sipp', ...args, ...own, `${base}.errors`], {
    cwd: dir,
    stdio: 'ignore',
  });
}

/** The cumulative counts in the last line of SIPp's statistics. */
function lastCount(file: string): StreamCount {
  const [head = '', ...lines] = readFileSync(file, 'utf8').trim().split('\n');
  const names = head.split(';');
  const values = lines.at(-1)?.split(';') ?? [];
  const of = (name: string) => Number(values[names.indexOf(name)]);
  return { created: of('TotalCallCreated'), successful: of('SuccessfulCall(C)'), failed: of('FailedCall(C)') };
}
