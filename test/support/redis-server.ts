import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sleep } from '../../src/runtime/sleep.ts';
import { freeTcpPort } from '../real/lab/ports.ts';

/** How the server is set up. */
export interface RedisSettings {
  readonly password?: string;
  readonly eviction?: string;
  readonly appendOnly?: boolean;
}

/** A separate Redis for one test file. Without `appendOnly` it loses everything when killed. */
export interface RedisServer {
  /** Includes the password, if there is one. */
  readonly url: string;
  readonly port: number;
  /** Sends one command, given word by word; returns the raw answer. */
  ask(...words: string[]): Promise<string>;
  /** kill -9: its data is lost. */
  kill(): Promise<void>;
  /** Starts it again after {@link kill}, on the same port. */
  start(): Promise<void>;
  /** It keeps connections open but answers nothing until {@link thaw}. */
  freeze(): void;
  thaw(): void;
  stop(): Promise<void>;
}

const program = '/usr/bin/redis-server';

/** Starts a server. If Redis is missing, the error says what to install. */
export async function startRedis({
  password,
  eviction = 'noeviction',
  appendOnly = false,
}: RedisSettings = {}): Promise<RedisServer> {
  if (!existsSync(program)) throw new Error(`no ${program}: apt-get install redis-server, or scripts/lab`);
  const dir = mkdtempSync(join(tmpdir(), 'patchbay-redis-'));
  const port = await freeTcpPort();
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', dir, '--save', '', '--maxmemory', '100mb'];
  args.push('--maxmemory-policy', eviction, '--appendonly', appendOnly ? 'yes' : 'no');
  if (password !== undefined) args.push('--requirepass', password);
  let child: ChildProcess | null = null;
  const login = password === undefined ? [] : [['AUTH', password]];
  const ask = (...words: string[]) => exchange(port, [...login, words]);
  const start = async () => {
    child = spawn(program, args, { stdio: 'ignore' });
    while (!(await ask('PING').catch(() => '')).includes('PONG')) {
      if (child.exitCode !== null) throw new Error(`redis-server ended with ${child.exitCode}`);
      await sleep(10);
    }
  };
  const kill = async () => {
    const ending = child;
    child = null;
    if (ending === null || ending.exitCode !== null) return;
    const ended = once(ending, 'exit');
    ending.kill('SIGKILL');
    await ended;
  };
  await start();
  return {
    url: `redis://${password === undefined ? '' : `:${password}@`}127.0.0.1:${port}`,
    port,
    ask,
    kill,
    start,
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    async stop() {
      await kill();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Sends commands on a separate connection and reads until the server closes it. */
function exchange(port: number, commands: readonly (readonly string[])[]): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1');
    socket.setEncoding('utf8');
    socket.on('error', reject);
    socket.on('data', (text: string) => {
      answer += text;
    });
    socket.on('close', () => resolve(answer));
    const encode = (words: readonly string[]) =>
      `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
    socket.write([...commands, ['QUIT']].map(encode).join(''));
  });
}
