import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mysql from 'mysql2/promise';
import { freeTcpPort } from './ports.ts';

const program = '/usr/sbin/mariadbd';
const sleepMs = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** A separate MariaDB on loopback for one test file. Its user `root` has no password. */
export class MariaDb {
  readonly #dir = mkdtempSync(join(tmpdir(), 'patchbay-mariadb-'));
  #port = 0;
  #process: ChildProcess | null = null;

  /** TCP port on 127.0.0.1. */
  get port(): number {
    return this.#port;
  }

  /** Creates an empty server and starts it. If MariaDB is missing, the error says what to install. */
  async create(): Promise<void> {
    if (!existsSync(program)) throw new Error(`no ${program}: run scripts/lab, or apt-get install mariadb-server`);
    chownSync(this.#dir, Number(execFileSync('id', ['-u', 'mysql'])), Number(execFileSync('id', ['-g', 'mysql'])));
    const options = ['--user=mysql', `--datadir=${this.#dir}/data`, '--auth-root-authentication-method=normal'];
    execFileSync('mariadb-install-db', [...options, '--skip-test-db'], { stdio: 'ignore', cwd: this.#dir });
    this.#port = await freeTcpPort();
    await this.start();
  }

  /** Starts the server; resolves when it answers. */
  async start(): Promise<void> {
    const options = [`--datadir=${this.#dir}/data`, `--socket=${this.#dir}/socket`, `--port=${this.#port}`];
    const place = ['--bind-address=127.0.0.1', `--pid-file=${this.#dir}/pid`, '--innodb-flush-log-at-trx-commit=2'];
    const command = ['--pdeathsig', 'KILL', program, '--no-defaults', '--user=mysql', ...options, ...place];
    this.#process = spawn('setpriv', command, { stdio: 'ignore', cwd: this.#dir });
    for (let left = 300; ; left -= 1) {
      try {
        await this.query('SELECT 1');
        return;
      } catch (error) {
        if (left === 0) throw error;
        await sleepMs(50);
      }
    }
  }

  /** Runs statements as `root`. */
  async query(sql: string): Promise<void> {
    await this.#run(sql);
  }

  /** Number of rows in a table. */
  async count(table: string): Promise<number> {
    const [row] = (await this.#run(`SELECT count(*) AS n FROM ${table}`)) as { readonly n: number }[];
    return row?.n ?? 0;
  }

  async #run(sql: string): Promise<unknown> {
    const connection = await mysql.createConnection({
      host: '127.0.0.1',
      port: this.#port,
      user: 'root',
      multipleStatements: true,
    });
    try {
      const [rows] = await connection.query(sql);
      return rows;
    } finally {
      connection.destroy();
    }
  }

  /** Kills the server. */
  async stop(): Promise<void> {
    const running = this.#process;
    this.#process = null;
    if (running === null || running.exitCode !== null || running.signalCode !== null) return;
    const ended = once(running, 'exit');
    running.kill('SIGKILL');
    await ended;
  }

  /** Kills the server and removes its data. */
  async dispose(): Promise<void> {
    await this.stop();
    rmSync(this.#dir, { recursive: true, force: true });
  }
}
