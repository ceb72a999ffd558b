import type { Worker } from 'node:worker_threads';
import { entryOf } from '../../domain/base/entry-of.ts';
import type { DeviceReport } from '../../domain/call/device.ts';
import { type BackoffLimits, backoffDelay } from '../../runtime/backoff.ts';
import { Emitter } from '../../runtime/emitter.ts';
import type { Logger } from '../../runtime/log.ts';
import { sleep } from '../../runtime/sleep.ts';
import { spawnThread } from '../../runtime/thread.ts';
import type {
  AgiListener,
  AnsweringMetrics,
  AnsweringPlan,
  Asked,
  FromThread,
  ThreadStart,
  ToThread,
} from './messages.ts';

/** What the answering thread is made of. */
export interface AnsweringOptions extends AnsweringPlan {
  /** Path of the SQLite file; its tables must exist. */
  readonly database: string;
  readonly country: string;
  /** Directory sources, by precedence where they disagree; none by default. */
  readonly sources?: readonly string[];
  readonly listeners: readonly AgiListener[];
  /** Whose turn it was last, from the store. */
  readonly turns: Readonly<Record<string, string>>;
  readonly log: Logger;
  /** Of the thread's own log; default `warn`. */
  readonly logLevel?: string;
  readonly backoff?: BackoffLimits;
  /** Milliseconds of a clock that nobody sets; the process's own by default. */
  readonly elapsed?: () => number;
}

/** What the answering thread tells the rest of the program. */
export interface AnsweringEvents extends Record<string, unknown> {
  /** A caller was answered: to be committed with the interaction. */
  asked: Asked;
}

/** How long a thread has to live for its next crash to count as the first again, in milliseconds. */
const steady = 60_000;
const stopWithin = 3000;
/** Milliseconds of silence after which the thread counts as stuck: it sends its numbers every second. */
const longestSilence = 10_000;

/**
 * The main thread's side of the answering thread: starts it, feeds it plan, device states and turns, and
 * starts it again after a crash with what it knew.
 */
export class AnsweringThread {
  readonly events: Emitter<AnsweringEvents>;
  readonly #options: AnsweringOptions;
  readonly #log: Logger;
  readonly #devices = new Map<string, DeviceReport>();
  readonly #stopping = new AbortController();
  #plan: AnsweringPlan;
  #turns: Readonly<Record<string, string>>;
  #listeners: readonly AgiListener[];
  #worker: Worker | null = null;
  #metrics: AnsweringMetrics | null = null;
  /** When the thread was heard last; null while it doesn't listen. */
  #heardAt: number | null = null;
  #restarts = 0;
  #attempt = 0;

  constructor(options: AnsweringOptions) {
    this.#options = options;
    this.#log = options.log;
    this.events = new Emitter(options.log);
    this.#plan = { plan: options.plan, staff: options.staff };
    this.#turns = options.turns;
    this.#listeners = options.listeners;
  }

  /** The port each connection's FastAGI is reached on. */
  get ports(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#listeners.map((listener) => [listener.connection, listener.port]));
  }

  /** The thread's numbers, at most a second old; null before the first. `restarts` counts crashes. */
  get metrics(): { readonly restarts: number; readonly thread: AnsweringMetrics | null } {
    return { restarts: this.#restarts, thread: this.#metrics };
  }

  /** Why callers are not answered now, in words, or null. */
  get trouble(): string | null {
    if (this.#heardAt === null) return 'the thread that answers FastAGI has ended and is being started again';
    const silence = this.#elapsed() - this.#heardAt;
    if (silence <= longestSilence) return null;
    return `the thread that answers FastAGI has been silent for ${Math.round(silence / 1000)} s`;
  }

  #elapsed(): number {
    return (this.#options.elapsed ?? (() => performance.now()))();
  }

  /** Resolves when every listener listens; rejects when one can't (its port is taken). */
  async start(): Promise<void> {
    await this.#launch();
  }

  /** Closes the sockets and ends the thread. Safe to call twice. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    const worker = this.#worker;
    if (worker === null) return;
    const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    this.#post({ type: 'stop' });
    await Promise.race([ended, sleep(stopWithin)]);
    await worker.terminate();
  }

  /** Replaces managers, lines and rules; the next question is answered by them. */
  setPlan(plan: AnsweringPlan): void {
    this.#plan = plan;
    this.#post({ type: 'plan', ...plan });
  }

  /** Tells what telephones are doing. */
  setDevices(reports: readonly DeviceReport[]): void {
    for (const report of reports) this.#devices.set(`${report.connection}/${report.extension}`, report);
    this.#post({ type: 'devices', reports });
  }

  /** Tells whose turn it was last in rotating groups, where somebody else than the thread gave it. */
  setTurns(turns: Readonly<Record<string, string>>): void {
    this.#turns = { ...this.#turns, ...turns };
    this.#post({ type: 'turns', turns });
  }

  #post(message: ToThread): void {
    this.#worker?.postMessage(message);
  }

  async #launch(): Promise<void> {
    const { database, country, sources = [] } = this.#options;
    const workerData: ThreadStart = {
      ...this.#plan,
      database,
      country,
      sources,
      logLevel: this.#options.logLevel ?? 'warn',
      listeners: this.#listeners,
      devices: [...this.#devices.values()],
      turns: this.#turns,
    };
    const worker = spawnThread(import.meta.url, './thread-entry', { workerData });
    this.#worker = worker;
    const launchedAt = Date.now();
    await new Promise<void>((resolve, reject) => {
      let listening = false;
      worker.on('message', (message: FromThread) => {
        if (message.type === 'listening') {
          listening = true;
          this.#heardAt = this.#elapsed();
          this.#keepPorts(message.ports);
          resolve();
        } else this.#hear(message);
      });
      worker.on('error', (error) => {
        this.#log.error({ err: error }, 'the answering thread failed');
        reject(error);
      });
      worker.once('exit', () => {
        this.#worker = null;
        this.#heardAt = null;
        reject(new Error('the answering thread ended before it listened'));
        if (listening && !this.#stopping.signal.aborted) void this.#relaunch(Date.now() - launchedAt);
      });
    });
  }

  /** A restarted thread must listen where the first one did, also where the port was chosen by the system. */
  #keepPorts(ports: Readonly<Record<string, number>>): void {
    this.#listeners = this.#listeners.map((one) => ({ ...one, port: entryOf(ports, one.connection) ?? one.port }));
  }

  async #relaunch(lived: number): Promise<void> {
    if (lived > steady) this.#attempt = 0;
    const limits = this.#options.backoff ?? { min: 50, max: 5000 };
    while (!this.#stopping.signal.aborted) {
      this.#restarts += 1;
      await sleep(backoffDelay(this.#attempt++, limits), this.#stopping.signal);
      if (this.#stopping.signal.aborted) return;
      try {
        await this.#launch();
        this.#log.warn({ restarts: this.#restarts }, 'the answering thread was started again');
        return;
      } catch (error) {
        this.#log.error({ err: error }, 'the answering thread could not be started again');
      }
    }
  }

  #hear(message: Exclude<FromThread, { type: 'listening' }>): void {
    this.#heardAt = this.#elapsed();
    switch (message.type) {
      case 'asked':
        this.#post({ type: 'taken', count: message.asked.length });
        for (const asked of message.asked) this.#take(asked);
        return;
      case 'metrics':
        this.#metrics = message.metrics;
        // A sign of life: what the thread knows is as old as the last thing it heard.
        this.#post({ type: 'taken', count: 0 });
        return;
      case 'trouble':
        this.#log.error({ reason: message.message }, 'a routing question was answered with the default');
    }
  }

  #take(asked: Asked): void {
    const { turn } = asked.answer;
    if (turn !== null) this.#turns = { ...this.#turns, [turn.group]: turn.manager };
    this.events.emit('asked', asked);
  }
}
