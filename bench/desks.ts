import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { hashToken, plainCookie } from '../src/api/cookie.ts';
import { ScriptedPbx } from '../src/cli/demo/scripted-pbx.ts';
import type { Write } from '../src/domain/ports/writes.ts';
import { Gateway } from '../test/real/crash/gateway.ts';
import { freeTcpPort } from '../test/real/lab/ports.ts';
import { operator, seedStore } from '../test/support/desk-login.ts';
import type { ReadersOrder, ReadersReport } from './desk-readers.ts';
import { processorOf } from './processor.ts';
import { type BenchResult, result } from './result.ts';

const sizes = [100, 500, 2000];
/** Calls per seat and hour, and the script of a call (milliseconds). */
const callsAnHour = 12;
const call = { name: '', did: '74951200001', ringMs: 3000, talkMs: 4000 };
/** Milliseconds of a measurement, long enough for a heartbeat of every desk. */
const measured = 35_000;
const megabyte = 1024 * 1024;

/**
 * How many desks one instance can serve: memory and processor time of the built program with 100, 500 and 2,000 open desks of different
 * managers, while each seat has twelve calls an hour. Compared with the same calls without open desks. Run `npm run build` first.
 */
export async function benchDesks(): Promise<readonly BenchResult[]> {
  const results: BenchResult[] = [];
  for (const desks of sizes) results.push(...(await office(desks)));
  return results;
}

/** Measures an office with this many seats, first with its desks closed, then open. */
async function office(desks: number): Promise<readonly BenchResult[]> {
  const directory = mkdtempSync(join(tmpdir(), 'patchbay-bench-'));
  const extensions = Array.from({ length: desks }, (_, i) => String(10_000 + i));
  const pbx = new ScriptedPbx({ username: 'pb', secret: 'pb', extensions, speed: 1 });
  const [httpPort, agiPort, amiPort] = [await freeTcpPort(), await freeTcpPort(), await pbx.ami.listen()];
  const url = `http://127.0.0.1:${httpPort}`;
  const store = `sqlite:${join(directory, 'desks.db')}`;
  const config = join(directory, 'patchbay.yaml');
  writeFileSync(config, configuration(extensions, { store, httpPort, agiPort, amiPort }));
  const tokens = extensions.map(() => randomBytes(38).toString('base64url'));
  await seedStore(store, await logins(extensions, tokens));
  const gateway = new Gateway({ config, url, log: join(directory, 'log') });
  gateway.start();
  const readers = fork(fileURLToPath(new URL('./desk-readers.ts', import.meta.url)), {
    execArgv: ['--import', import.meta.resolve('tsx')],
  });
  const ending = new AbortController();
  const calling = gateway.ready().then(() => play(pbx, agiPort, desks, ending.signal));
  try {
    await gateway.ready();
    // Wait until the first calls have ended.
    await pause(2 * (call.ringMs + call.talkMs));
    const closed = await watch(gateway, readers, null);
    const order: ReadersOrder = { url, cookies: tokens.map((token) => `${plainCookie}=${token}`) };
    readers.send(order);
    await nextMessage(readers);
    const open = await watch(gateway, readers, desks);
    const seconds = measured / 1000;
    const perDesk = (open.memory - closed.memory) / desks;
    const peer = 'the same calls, no desk open';
    const aim = 'none set';
    return [
      result(`${desks} desks: processor`, open.processor, 'ms of a core a second', peer, closed.processor, aim),
      result(`${desks} desks: memory`, open.memory / megabyte, 'MB', peer, closed.memory / megabyte, aim),
      result(`${desks} desks: memory of one`, perDesk / 1024, 'kB', 'a socket’s least, 64', 64, aim),
      result(`${desks} desks: frames`, open.frames / seconds, '1/s', 'of telephones', open.presence / seconds, aim),
      result(`${desks} desks: sent`, open.bytes / seconds / megabyte, 'MB/s', 'a 1 Gbit/s link', 119, aim),
    ];
  } finally {
    ending.abort();
    await calling;
    readers.kill();
    await gateway.stop();
    await pbx.ami.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

interface Watched extends ReadersReport {
  /** Memory at the end in bytes. */
  readonly memory: number;
  /** Milliseconds of processor time per second. */
  readonly processor: number;
}

/** Measures for a while. `desks` is the number of desks that must remain open; null without readers. */
async function watch(gateway: Gateway, readers: ChildProcess, desks: number | null): Promise<Watched> {
  if (desks !== null) await report(readers);
  const [before, since] = [processorOf(gateway.pid), performance.now()];
  await pause(measured);
  const processor = ((processorOf(gateway.pid) - before) / (performance.now() - since)) * 1000;
  const memory = gateway.memory();
  if (desks === null) return { memory, processor, frames: 0, presence: 0, bytes: 0, open: 0 };
  const seen = await report(readers);
  if (seen.open !== desks) throw new Error(`${desks - seen.open} of ${desks} desks were disconnected`);
  return { memory, processor, ...seen };
}

async function report(readers: ChildProcess): Promise<ReadersReport> {
  readers.send('report');
  return (await nextMessage(readers)) as ReadersReport;
}

/** Resolves with the next message of the readers. Rejects if they exit. */
async function nextMessage(readers: ChildProcess): Promise<unknown> {
  const ended = once(readers, 'exit').then(() =>
    Promise.reject(new Error('the readers of the bench exited too early')),
  );
  ended.catch(() => undefined);
  return (await Promise.race([once(readers, 'message'), ended]))[0];
}

/** Starts calls at even intervals until the signal aborts. Resolves when the last one has ended. */
async function play(pbx: ScriptedPbx, agiPort: number, seats: number, signal: AbortSignal): Promise<void> {
  const gap = 3_600_000 / (seats * callsAnHour);
  const since = performance.now();
  const playing: Promise<unknown>[] = [];
  for (let n = 0; !signal.aborted; n += 1) {
    const late = performance.now() - since - n * gap;
    if (late < 0) await pause(-late, undefined, { signal }).catch(() => undefined);
    const script = { ...call, from: `7916${1_000_000 + n}` };
    playing.push(pbx.inbound(script, agiPort, AbortSignal.any([signal])));
  }
  await Promise.all(playing);
}

/** Users with open sessions. Logging in with two thousand passwords would distort the measurement. */
async function logins(extensions: readonly string[], tokens: readonly string[]): Promise<readonly Write[]> {
  const first = await operator('u', 'm');
  if (first.op !== 'put-user') throw new Error('an operator is a user');
  const expiresAt = Date.now() + 3_600_000;
  return extensions.flatMap((extension, i): readonly Write[] => [
    { op: 'put-user', user: { ...first.user, login: `u${extension}`, manager: `m${extension}` } },
    { op: 'open-session', session: { tokenHash: hashToken(tokens[i] ?? ''), login: `u${extension}`, expiresAt } },
  ]);
}

interface Places {
  readonly store: string;
  readonly httpPort: number;
  readonly agiPort: number;
  readonly amiPort: number;
}

function configuration(extensions: readonly string[], { store, httpPort, agiPort, amiPort }: Places): string {
  const members = extensions.map((extension) => `m${extension}`);
  const ami = { host: '127.0.0.1', port: amiPort, username: 'pb', secret: 'pb' };
  return stringify({
    http: { port: httpPort },
    store: { url: store },
    managers: extensions.map((extension) => ({
      id: `m${extension}`,
      name: `Менеджер ${extension}`,
      extensions: [extension],
      user: `u${extension}`,
    })),
    lines: [{ id: 'main', channel: 'call', address: call.did }],
    routing: { fallback: 'group:all', groups: { all: { members, strategy: 'rotate' } } },
    connectors: { pbx: { kind: 'asterisk', extensions: '^1\\d{4}$', ami, agi: { port: agiPort } } },
  });
}
