import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../../bin/patchbay.js', import.meta.url));

/** A time in which no gateway was there to see what happened; milliseconds since the epoch. */
export interface Gap {
  readonly from: number;
  /** The next process was started: before this nothing can have been seen. */
  readonly blindUntil: number;
  /** The PBX was being followed again. */
  readonly until: number;
}

/** What the process may have, and how it can be got at. */
export interface ProcessLimits {
  /** Open files (`ulimit -n`); the machine's own limit by default. */
  readonly files?: number;
  /** Port of the debugger, by which a test holds the main thread up. */
  readonly inspector?: number;
  /** What its command is put behind, to run in a network of its own. */
  readonly behind?: readonly string[];
  /** Where it runs; instances beside each other have a directory each. */
  readonly cwd?: string;
}

/** The built gateway as a process of its own, to be killed. */
export class Gateway {
  readonly gaps: Gap[] = [];
  readonly #config: string;
  readonly #url: string;
  readonly #log: string;
  readonly #limits: ProcessLimits;
  #child: ChildProcess | null = null;
  #killedAt: number | null = null;
  #startedAt = 0;

  /** `url` is where its HTTP is reached, `log` the file its log goes to. */
  constructor(
    place: { readonly config: string; readonly url: string; readonly log: string },
    limits: ProcessLimits = {},
  ) {
    this.#limits = limits;
    this.#config = place.config;
    this.#url = place.url;
    this.#log = place.log;
  }

  start(): void {
    const log = openSync(this.#log, 'a');
    this.#startedAt = Date.now();
    const { files, inspector, behind = [] } = this.#limits;
    const inspect = inspector === undefined ? [] : [`--inspect=127.0.0.1:${inspector}`];
    const command = [process.execPath, ...inspect, program, 'start', '--config', this.#config];
    const limit = files === undefined ? [] : ['sh', '-c', `ulimit -n ${files}; exec "$0" "$@"`];
    const [file = '', ...args] = [...behind, ...limit, ...command];
    this.#child = spawn(file, args, { stdio: ['ignore', log, log], cwd: this.#limits.cwd });
  }

  /** Of its process; throws where there is none. */
  get pid(): number {
    if (this.#child?.pid === undefined) throw new Error('the gateway has not been started');
    return this.#child.pid;
  }

  /** Its anonymous resident memory in bytes. */
  memory(): number {
    const status = readFileSync(`/proc/${this.pid}/status`, 'utf8');
    return Number(/RssAnon:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
  }

  /** Whether the process is no more. */
  get ended(): boolean {
    return this.#child === null || this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** Resolves when it follows the PBX (or whatever it is connected to), or stands by for an instance that does. Rejects when it ended instead. */
  ready(): Promise<void> {
    return this.#until(/ready|standby/);
  }

  /** Resolves when it follows everything itself: what it held before it was killed is its own again once the lease has run out. */
  follows(): Promise<void> {
    return this.#until(/ready/);
  }

  async #until(enough: RegExp): Promise<void> {
    for (;;) {
      if (this.#child?.exitCode !== null)
        throw new Error(`the gateway ended by itself: ${readFileSync(this.#log, 'utf8').slice(-3000)}`);
      const answer = await fetch(`${this.#url}/health/ready`).catch(() => null);
      const body = answer === null ? null : ((await answer.json()) as { connections: { health: string }[] });
      const healths = body?.connections.map(({ health }) => health) ?? [];
      if (healths.length > 0 && healths.every((health) => enough.test(health))) break;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    if (this.#killedAt === null) return;
    this.gaps.push({ from: this.#killedAt, blindUntil: this.#startedAt, until: Date.now() });
    this.#killedAt = null;
  }

  /** kill -9. Several before one `ready` are one gap. */
  async kill(): Promise<void> {
    this.#killedAt ??= Date.now();
    await this.#end('SIGKILL');
  }

  /** A graceful stop; its exit code. */
  async stop(): Promise<number | null> {
    if (this.#child?.exitCode === null) await this.#end('SIGTERM');
    return this.#child?.exitCode ?? null;
  }

  /** Tells it to take up its changed configuration. */
  reload(): void {
    this.#child?.kill('SIGHUP');
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#child;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }
}
