import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { freeTcpPort } from '../lab/ports.ts';

/** Debian's `mail` user, the owner of the letters. */
export const mailUser = 8;

/** A real server for one test. Directory and port stay the same over restarts. Runs as root. */
export abstract class MailServer {
  readonly root: string;
  port = 0;
  readonly #name: string;
  readonly #log: string;
  #child: ChildProcess | null = null;

  /** `log`: path of the server's log. */
  constructor(name: string, root: string, log: string) {
    this.#name = name;
    this.root = root;
    this.#log = log;
  }

  /** Resolves when it sends its greeting. */
  async start(): Promise<void> {
    if (this.port === 0) this.port = await freeTcpPort();
    const [program, ...given] = this.prepare();
    // Its own process group: processes that serve a connection outlive Dovecot's master and must be killed with it.
    this.#child = spawn(program, given, { stdio: 'ignore', detached: true });
    await this.#answers();
  }

  /** Kills it at once, with all its connections. */
  async stop(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
    killGroup(child);
  }

  /** Writes its configuration; returns the command to run. */
  protected abstract prepare(): readonly [string, ...string[]];

  async #answers(): Promise<void> {
    for (let tries = 0; tries < 400; tries++) {
      if (this.#child?.exitCode !== null) throw new Error(`${this.#name} ended by itself; see ${this.#log}`);
      const socket = connect(this.port, '127.0.0.1');
      const greeted = await Promise.race([
        once(socket, 'data').then(() => true),
        once(socket, 'close').then(() => false),
      ]).catch(() => false);
      socket.destroy();
      if (greeted) return;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error(`${this.#name} does not answer; see ${this.#log}`);
  }
}

/** Kills what remains of an exited process's group. */
function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
