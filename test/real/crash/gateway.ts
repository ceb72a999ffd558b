import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../../bin/patchbay.js', import.meta.url));

/** A period without a gateway; milliseconds since the epoch. */
export interface Gap {
  readonly from: number;
  /** Start of the next process; before that, nothing can have been observed. */
  readonly restartedAt: number;
  /** When the PBX was connected again. */
  readonly until: number;
}

/** Limits of the process, and ways to control it. */
export interface ProcessLimits {
  /** Open files (`ulimit -n`); by default the machine's own limit. */
  readonly files?: number;
  /** Debugger port, which lets a test block the main thread. */
  readonly inspector?: number;
  /** Prefix of its command, to run it in its own network namespace. */
  readonly behind?: readonly string[];
  /** Working directory; instances running side by side each have their own. */
  readonly cwd?: string;
}

/** The built gateway as a separate process that tests can kill. */
export class Gateway {
  readonly gaps: Gap[] = [];
  readonly #config: string;
  readonly #url: string;
  readonly #log: string;
  readonly #limits: ProcessLimits;
  #child: ChildProcess | null = null;
  #killedAt: number | null = null;
  #startedAt = 0;

  /** `url` is its HTTP address, `log` the path of its log file. */
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

  /** PID of the process; throws if it is not running. */
  get pid(): number {
    if (this.#child?.pid === undefined) throw new Error('the gateway has not been started');
    return this.#child.pid;
  }

  /** Its anonymous resident memory in bytes. */
  memory(): number {
    const status = readFileSync(`/proc/${this.pid}/status`, 'utf8');
    return Number(/RssAnon:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
  }

  /** Whether the process has exited. */
  get ended(): boolean {
    return this.#child === null || this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** Resolves when all connections are ready, or when another instance holds them. Rejects if the process exits. */
  ready(): Promise<void> {
    return this.#until(/ready|standby/);
  }

  /** Resolves when it holds all connections itself. After a kill that takes until its own lease has expired. */
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
    this.gaps.push({ from: this.#killedAt, restartedAt: this.#startedAt, until: Date.now() });
    this.#killedAt = null;
  }

  /** kill -9. Several kills before one `ready` count as one gap. */
  async kill(): Promise<void> {
    this.#killedAt ??= Date.now();
    await this.#end('SIGKILL');
  }

  /** Stops it gracefully; returns the exit code. */
  async stop(): Promise<number | null> {
    if (this.#child?.exitCode === null) await this.#end('SIGTERM');
    return this.#child?.exitCode ?? null;
  }

  /** Makes it reload its changed configuration. */
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
