import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { freeTcpPort } from '../lab/ports.ts';

/** Debian's `mail` user, whom the letters belong to. */
export const mailUser = 8;

/** A real server of a test's own that greets whoever connects, in a directory and on a port that stay over its restarts. Runs as root. */
export abstract class MailServer {
  readonly root: string;
  port = 0;
  readonly #name: string;
  readonly #log: string;
  #child: ChildProcess | null = null;

  /** `log`: where its own words lie. */
  constructor(name: string, root: string, log: string) {
    this.#name = name;
    this.root = root;
    this.#log = log;
  }

  /** Resolves when it greets. */
  async start(): Promise<void> {
    if (this.port === 0) this.port = await freeTcpPort();
    const [program, ...given] = this.prepare();
    // A group of its own: what serves a connection outlives Dovecot's master, and is to end with it.
    this.#child = spawn(program, given, { stdio: 'ignore', detached: true });
    await this.#answers();
  }

  /** Ends it at once, with all its connections. */
  async stop(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
    killGroup(child);
  }

  /** Writes its configuration; answers what is to be run. */
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

/** Ends what a process that is gone has left behind. */
function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
