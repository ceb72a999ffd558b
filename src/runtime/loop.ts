import { type BackoffLimits, backoffDelay } from './backoff.ts';
import { Nudge } from './nudge.ts';
import { sleep } from './sleep.ts';

/** Signals that ask a loop to end. */
export interface LoopSignals {
  /** Aborted by {@link Loop.stop}: start nothing new. */
  readonly stopping: AbortSignal;
  /** Aborted when the grace period of the stop is over: abort running work. */
  readonly abandon: AbortSignal;
}

/** The pause after a round, in milliseconds. A nudge ends it, but not earlier than `atLeast` after the round began. */
export interface Pause {
  readonly upTo: number;
  readonly atLeast: number;
}

/** Settings of a loop. */
export interface LoopOptions {
  /** Name of the loop in the metrics, such as `delivery:crm`. */
  readonly name: string;
  /**
   * Does one round of work. Resolves with the pause until the next one (0 for none), or rejects if the round failed.
   */
  readonly round: (signals: LoopSignals) => Promise<number | Pause>;
  /**
   * Called for a failed round before the back-off. `failures` counts the failed rounds in a row before this one.
   * Errors while the loop is being stopped are expected and not reported.
   */
  readonly onTrouble: (error: unknown, failures: number) => void;
  /** The pause after a failed round, in milliseconds. */
  readonly backoff: BackoffLimits | ((error: unknown, failures: number) => number);
  /** Whether a nudge also ends a back-off; use it only if nudges are rare. */
  readonly nudgeEndsBackoff?: boolean;
  /** Registry that reports the loop's health while it runs. */
  readonly loops?: Loops | undefined;
}

/** The health of a running loop. */
export interface LoopHealth {
  readonly name: string;
  /** Failed rounds in a row. */
  readonly failures: number;
  /** Rounds since the start by result. */
  readonly rounds: { readonly done: number; readonly failed: number };
}

/** The running loops of a program, for its metrics. */
export class Loops {
  readonly #running = new Set<Loop>();

  /** The health of all running loops. */
  get health(): readonly LoopHealth[] {
    return [...this.#running].map((loop) => loop.health);
  }

  add(loop: Loop): void {
    this.#running.add(loop);
  }

  remove(loop: Loop): void {
    this.#running.delete(loop);
  }
}

/** Repeats work until it is stopped. A failed round is reported and repeated after a back-off. */
export class Loop {
  readonly #options: LoopOptions;
  readonly #nudge = new Nudge();
  readonly #stopping = new AbortController();
  readonly #abandon = new AbortController();
  readonly #rounds = { done: 0, failed: 0 };
  #failures = 0;
  #running: Promise<void> = Promise.resolve();

  constructor(options: LoopOptions) {
    this.#options = options;
  }

  get health(): LoopHealth {
    return { name: this.#options.name, failures: this.#failures, rounds: { ...this.#rounds } };
  }

  /** See {@link LoopSignals}. */
  get signals(): LoopSignals {
    return { stopping: this.#stopping.signal, abandon: this.#abandon.signal };
  }

  /** Starts the first round at once. Call it only once. */
  start(): void {
    this.#options.loops?.add(this);
    this.#running = this.#run().finally(() => this.#options.loops?.remove(this));
  }

  /** Ends the current pause, or makes the next one end at once. */
  nudge(): void {
    this.#nudge.nudge();
  }

  /** Waits for the current round to end, and asks it to abort after `grace` milliseconds. Safe to call twice. */
  async stop(grace?: number): Promise<void> {
    this.#stopping.abort();
    this.#nudge.nudge();
    const timer = grace === undefined ? undefined : setTimeout(() => this.#abandon.abort(), grace);
    await this.#running;
    clearTimeout(timer);
  }

  async #run(): Promise<void> {
    const { stopping } = this.signals;
    while (!stopping.aborted) {
      this.#nudge.reset();
      const began = performance.now();
      const { upTo, atLeast } = await this.#round();
      if (stopping.aborted) return;
      if (upTo > 0) await this.#nudge.wait(upTo);
      if (atLeast > 0) await sleep(began + atLeast - performance.now(), stopping);
    }
  }

  async #round(): Promise<Pause> {
    try {
      const pause = await this.#options.round(this.signals);
      this.#rounds.done += 1;
      this.#failures = 0;
      return typeof pause === 'number' ? { upTo: pause, atLeast: 0 } : pause;
    } catch (error) {
      if (!this.#stopping.signal.aborted) return this.#failed(error);
      return { upTo: 0, atLeast: 0 };
    }
  }

  async #failed(error: unknown): Promise<Pause> {
    const { onTrouble, backoff, nudgeEndsBackoff = false } = this.#options;
    this.#rounds.failed += 1;
    onTrouble(error, this.#failures);
    const wait = typeof backoff === 'function' ? backoff(error, this.#failures) : backoffDelay(this.#failures, backoff);
    this.#failures += 1;
    if (nudgeEndsBackoff) return { upTo: wait, atLeast: 0 };
    await sleep(wait, this.#stopping.signal);
    return { upTo: 0, atLeast: 0 };
  }
}
