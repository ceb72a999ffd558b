import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freeTcpPort } from '../real/lab/ports.ts';

/**
 * A separate PostgreSQL for one test file; `database()` creates an empty database and returns its URL. By default without fsync:
 * these tests kill processes, not machines, so data handed to the kernel is safe.
 */
export interface PostgresServer {
  database(name?: string): string;
  /** PID of its main process, the parent of all others. */
  pid(): number;
  restart(): void;
  stop(): void;
}

/** Starts a server, with fsync if `durable`. If PostgreSQL is missing, the error says what to install. */
export async function startPostgres({ durable = false } = {}): Promise<PostgresServer> {
  const bin = binaries();
  const dir = mkdtempSync(join(tmpdir(), 'patchbay-pg-'));
  const root = process.getuid?.() === 0;
  const run = (program: string, ...args: string[]) => {
    const command = [join(bin, program), ...args];
    const [file = '', ...rest] = root ? ['runuser', '-u', 'postgres', '--', ...command] : command;
    execFileSync(file, rest, { stdio: 'ignore', cwd: dir });
  };
  if (root) {
    chownSync(dir, Number(execFileSync('id', ['-u', 'postgres'])), Number(execFileSync('id', ['-g', 'postgres'])));
  }
  const port = await freeTcpPort();
  const data = join(dir, 'data');
  run('initdb', '-D', data, '-A', 'trust', '-U', 'postgres', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync');
  const settings = `-p ${port} -k ${dir} -h 127.0.0.1${durable ? '' : ' -F'}`;
  const start = () => run('pg_ctl', '-D', data, '-w', '-l', join(dir, 'log'), '-o', settings, 'start');
  start();
  let serial = 0;
  return {
    database(name) {
      serial += 1;
      const made = name ?? `t${serial}`;
      run('createdb', '-h', '127.0.0.1', '-p', String(port), '-U', 'postgres', made);
      return `postgres://postgres@127.0.0.1:${port}/${made}`;
    },
    pid: () => Number.parseInt(readFileSync(join(data, 'postmaster.pid'), 'utf8'), 10),
    restart() {
      run('pg_ctl', '-D', data, '-m', 'immediate', '-w', 'stop');
      start();
    },
    stop() {
      run('pg_ctl', '-D', data, '-m', 'immediate', '-w', 'stop');
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** The directory of the server's programs. */
export function binaries(): string {
  const base = '/usr/lib/postgresql';
  const version = existsSync(base) ? readdirSync(base).sort((a, b) => Number(b) - Number(a))[0] : undefined;
  if (version === undefined)
    throw new Error(`no PostgreSQL under ${base}: apt-get install postgresql, or scripts/test`);
  return join(base, version, 'bin');
}
