import { backoffDelay } from '../../runtime/backoff.ts';
import { asServiceError, healthOf } from '../../runtime/http/service-error.ts';
import { sleep } from '../../runtime/sleep.ts';
import type { ConnectorContext } from '../contract.ts';

/** What a service had for us. */
export interface Polled {
  readonly updates: readonly unknown[];
  /** What to ask for next. */
  readonly next: string | null;
}

/** How a service is asked. All reject with a ServiceError. */
export interface Pollable {
  /** Makes ready to be asked; after each trouble again. */
  open(signal: AbortSignal): Promise<void>;
  /** Waits for what comes after the cursor. */
  poll(cursor: string | null, signal: AbortSignal): Promise<Polled>;
  /** Takes one update in; rejects where it could not be made safe. */
  take(update: unknown): Promise<void>;
}

const backoff = { min: 1000, max: 60_000 };
const cursorName = 'updates';

/** Asks a service again and again for what is new; its place moves on only when what lies before it is safe. */
export class LongPoll {
  readonly #context: ConnectorContext;
  readonly #service: Pollable;
  readonly #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(context: ConnectorContext, service: Pollable) {
    this.#context = context;
    this.#service = service;
  }

  start(): void {
    this.#context.reportState('connecting', null);
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    const { reportState, log } = this.#context;
    for (let failures = 0, opened = false; !signal.aborted; ) {
      try {
        if (!opened) await this.#service.open(signal);
        if (!opened) reportState('ready', null);
        opened = true;
        await this.#once(signal);
        failures = 0;
      } catch (error) {
        if (signal.aborted) return;
        const trouble = asServiceError(error);
        if (trouble !== error) log.error({ err: error }, 'updates could not be taken in');
        reportState(healthOf(trouble), trouble.message);
        opened = false;
        await sleep(trouble.after ?? backoffDelay(failures, backoff), signal);
        failures += 1;
      }
    }
  }

  async #once(signal: AbortSignal): Promise<void> {
    const { cursor } = this.#context;
    const before = await cursor.get(cursorName);
    const { updates, next } = await this.#service.poll(before, signal);
    for (const update of updates) await this.#service.take(update);
    if (next !== null && next !== before) await cursor.set(cursorName, next);
  }
}
