import { backoffDelay } from '../../runtime/backoff.ts';
import { asServiceError, healthOf } from '../../runtime/http/service-error.ts';
import { Loop } from '../../runtime/loop.ts';
import type { ConnectorContext } from '../contract.ts';

/** The result of one poll. */
export interface Polled {
  readonly updates: readonly unknown[];
  /** The cursor of the next poll. */
  readonly next: string | null;
}

/** A service that is polled. All its methods reject with a ServiceError. */
export interface Pollable {
  /** Prepares polling. Called again after each error. */
  open(signal: AbortSignal): Promise<void>;
  /** Waits for updates after the cursor. */
  poll(cursor: string | null, signal: AbortSignal): Promise<Polled>;
  /** Processes one update. Rejects if it could not be stored. */
  take(update: unknown): Promise<void>;
}

const backoff = { min: 1000, max: 60_000 };
const cursorName = 'updates';

/** Polls a service for updates. The cursor advances only after everything before it is stored. */
export class LongPoll {
  readonly #context: ConnectorContext;
  readonly #service: Pollable;
  readonly #loop: Loop;
  #opened = false;

  constructor(context: ConnectorContext, service: Pollable) {
    this.#context = context;
    this.#service = service;
    this.#loop = new Loop({
      name: `poll:${context.connection}`,
      round: ({ stopping }) => this.#once(stopping),
      backoff: (error, failures) => asServiceError(error).after ?? backoffDelay(failures, backoff),
      onTrouble: (error) => {
        const trouble = asServiceError(error);
        if (trouble !== error) context.log.error({ err: error }, 'cannot process updates');
        context.reportState(healthOf(trouble), trouble.reason);
        this.#opened = false;
      },
    });
  }

  start(): void {
    this.#context.reportState('connecting', null);
    this.#loop.start();
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  async #once(signal: AbortSignal): Promise<number> {
    const { cursor, reportState } = this.#context;
    if (!this.#opened) {
      await this.#service.open(signal);
      reportState('ready', null);
      this.#opened = true;
    }
    const before = await cursor.get(cursorName);
    const { updates, next } = await this.#service.poll(before, signal);
    for (const update of updates) await this.#service.take(update);
    if (next !== null && next !== before) await cursor.set(cursorName, next);
    return 0;
  }
}
