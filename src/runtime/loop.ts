import { type BackoffLimits, backoffDelay } from './backoff.ts';
import { Nudge } from './nudge.ts';
import { sleep } from './sleep.ts';

/** How a loop is asked to end. */
export interface LoopSignals {
  /** Aborted by {@link Loop.stop}: begin nothing more. */
  readonly stopping: AbortSignal;
  /** Aborted when the grace of the stop is over: break off what is under way. */
  readonly abandon: AbortSignal;
}

/** The pause after a round, in milliseconds. A nudge ends it, but not before `atLeast` (milliseconds since the round began). */
export interface Pause {
  readonly upTo: number;
  readonly atLeast: number;
}

/** What a loop is built from. */
export interface LoopOptions {
  /** Names the loop in the metrics, such as `delivery:crm`. */
  readonly name: string;
  /** One round of the work; resolves with the pause until the next one (0: none) and rejects when the round failed. */
  readonly round: (signals: LoopSignals) => Promise<number | Pause>;
  /**
   * Reports a failed round, before the back-off; `failures` counts the failed rounds in a row before this one. Errors of a loop
   * that is being stopped are expected and not reported.
   */
  readonly onTrouble: (error: unknown, failures: number) => void;
  /** The pause after a failed round, in milliseconds. */
  readonly backoff: BackoffLimits | ((error: unknown, failures: number) => number);
  /** Whether a nudge ends a back-off too: only where nudges are rare. */
  readonly nudgeEndsBackoff?: boolean;
  /** Where the loop's health is seen while it runs. */
  readonly loops?: Loops | undefined;
}

/** How a running loop fares. */
export interface LoopHealth {
  readonly name: string;
  /** Failed rounds in a row; 0 while it works. */
  readonly failures: number;
  /** Rounds since the start, by how they ended. */
  readonly rounds: { readonly done: number; readonly failed: number };
}

/** The running loops of one program, for its metrics. */
export class Loops {
  readonly #running = new Set<Loop>();

  /** How each running loop fares. */
  get health(): readonly LoopHealth[] {
    return [...this.#running].map((loop) => loop.health);
  }

  /** Shows the loop until {@link remove}. */
  add(loop: Loop): void {
    this.#running.add(loop);
  }

  /** Shows the loop no longer. */
  remove(loop: Loop): void {
    this.#running.delete(loop);
  }
}

/** Work that is done round after round until it is stopped. A round that fails is reported and done again after a back-off. */
export class Loop {
  readonly #options: LoopOptions;
  readonly #news = new Nudge();
  readonly #stopping = new AbortController();
  readonly #abandon = new AbortController();
  readonly #rounds = { done: 0, failed: 0 };
  #failures = 0;
  #running: Promise<void> = Promise.resolve();

  constructor(options: LoopOptions) {
    this.#options = options;
  }

  /** How it fares. */
  get health(): LoopHealth {
    return { name: this.#options.name, failures: this.#failures, rounds: { ...this.#rounds } };
  }

  /** See {@link LoopSignals}. */
  get signals(): LoopSignals {
    return { stopping: this.#stopping.signal, abandon: this.#abandon.signal };
  }

  /** Begins the first round at once. To be called once. */
  start(): void {
    this.#options.loops?.add(this);
    this.#running = this.#run().finally(() => this.#options.loops?.remove(this));
  }

  /** Ends the present pause, or lets the next one end at once. */
  nudge(): void {
    this.#news.nudge();
  }

  /** Lets the round that is under way end; after `grace` milliseconds it is asked to break off. Safe to call twice. */
  async stop(grace?: number): Promise<void> {
    this.#stopping.abort();
    this.#news.nudge();
    const timer = grace === undefined ? undefined : setTimeout(() => this.#abandon.abort(), grace);
    await this.#running;
    clearTimeout(timer);
  }

  async #run(): Promise<void> {
    const { stopping } = this.signals;
    while (!stopping.aborted) {
      this.#news.reset();
      const began = performance.now();
      const { upTo, atLeast } = await this.#round();
      if (stopping.aborted) return;
      if (upTo > 0) await this.#news.wait(upTo);
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
