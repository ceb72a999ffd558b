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

/** Options of {@link AnsweringThread}. */
export interface AnsweringOptions extends AnsweringPlan {
  /** Path of the SQLite file. Its tables must exist. */
  readonly database: string;
  readonly country: string;
  /** Directory sources in order of precedence; none by default. */
  readonly sources?: readonly string[];
  readonly listeners: readonly AgiListener[];
  /** Whose turn it was last, from the store. */
  readonly turns: Readonly<Record<string, string>>;
  readonly log: Logger;
  /** Level of the thread's own log; `warn` by default. */
  readonly logLevel?: string;
  readonly backoff?: BackoffLimits;
  /** Milliseconds of a monotonic clock; by default that of the process. */
  readonly elapsed?: () => number;
}

/** Events of the answering thread. */
export interface AnsweringEvents extends Record<string, unknown> {
  /** A caller was answered; the decision has yet to be committed. */
  asked: Asked;
}

/** A thread that lived this long (milliseconds) resets the back-off of restarts. */
const stableAfter = 60_000;
const stopTimeout = 3000;
/** Milliseconds of silence after which the thread counts as stuck. It sends its metrics every second. */
const maxSilence = 10_000;

/**
 * The main thread's handle on the answering thread. It starts the thread, passes on the plan, device states and turns, and
 * after a crash restarts it with the same data.
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
  /** When the last message arrived; null while the thread is not listening. */
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

  /** The FastAGI port of each connection. */
  get ports(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#listeners.map((listener) => [listener.connection, listener.port]));
  }

  /** The thread's metrics, at most a second old; null before the thread has reported any. `restarts` counts crashes. */
  get metrics(): { readonly restarts: number; readonly thread: AnsweringMetrics | null } {
    return { restarts: this.#restarts, thread: this.#metrics };
  }

  /** Why callers are currently not answered, or null. */
  get trouble(): string | null {
    if (this.#heardAt === null) return 'the FastAGI thread has stopped and is being restarted';
    const silence = this.#elapsed() - this.#heardAt;
    if (silence <= maxSilence) return null;
    return `the FastAGI thread has not responded for ${Math.round(silence / 1000)} s`;
  }

  #elapsed(): number {
    return (this.#options.elapsed ?? (() => performance.now()))();
  }

  /** Resolves when all listeners are open. Rejects if one can't be opened, for example because its port is taken. */
  async start(): Promise<void> {
    await this.#launch();
  }

  /** Closes the sockets and stops the thread. Safe to call twice. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    const worker = this.#worker;
    if (worker === null) return;
    const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    this.#post({ type: 'stop' });
    await Promise.race([ended, sleep(stopTimeout)]);
    await worker.terminate();
  }

  /** Replaces managers, lines and rules, beginning with the next question. */
  setPlan(plan: AnsweringPlan): void {
    this.#plan = plan;
    this.#post({ type: 'plan', ...plan });
  }

  /** Passes on phone states. */
  setDevices(reports: readonly DeviceReport[]): void {
    for (const report of reports) this.#devices.set(`${report.connection}/${report.extension}`, report);
    this.#post({ type: 'devices', reports });
  }

  /** Passes on whose turn it was last in rotating groups, if it was not the thread that assigned it. */
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
        } else this.#handle(message);
      });
      worker.on('error', (error) => {
        this.#log.error({ err: error }, 'the answering thread failed');
        reject(error);
      });
      worker.once('exit', () => {
        this.#worker = null;
        this.#heardAt = null;
        reject(new Error('the answering thread stopped before it was listening'));
        if (listening && !this.#stopping.signal.aborted) void this.#relaunch(Date.now() - launchedAt);
      });
    });
  }

  /** A restarted thread must listen on the same ports, including those that the system chose. */
  #keepPorts(ports: Readonly<Record<string, number>>): void {
    this.#listeners = this.#listeners.map((one) => ({ ...one, port: entryOf(ports, one.connection) ?? one.port }));
  }

  async #relaunch(lived: number): Promise<void> {
    if (lived > stableAfter) this.#attempt = 0;
    const limits = this.#options.backoff ?? { min: 50, max: 5000 };
    while (!this.#stopping.signal.aborted) {
      this.#restarts += 1;
      await sleep(backoffDelay(this.#attempt++, limits), this.#stopping.signal);
      if (this.#stopping.signal.aborted) return;
      try {
        await this.#launch();
        this.#log.warn({ restarts: this.#restarts }, 'the answering thread was restarted');
        return;
      } catch (error) {
        this.#log.error({ err: error }, 'the answering thread could not be restarted');
      }
    }
  }

  #handle(message: Exclude<FromThread, { type: 'listening' }>): void {
    this.#heardAt = this.#elapsed();
    switch (message.type) {
      case 'asked':
        this.#post({ type: 'taken', count: message.asked.length });
        for (const asked of message.asked) this.#take(asked);
        return;
      case 'metrics':
        this.#metrics = message.metrics;
        // A heartbeat: the thread derives the age of its data from the last message it received.
        this.#post({ type: 'taken', count: 0 });
        return;
      case 'trouble':
        this.#log.error({ reason: message.message }, 'a routing question failed and got the default answer');
    }
  }

  #take(asked: Asked): void {
    const { turn } = asked.answer;
    if (turn !== null) this.#turns = { ...this.#turns, [turn.group]: turn.manager };
    this.events.emit('asked', asked);
  }
}
