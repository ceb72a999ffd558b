import type { Store } from '../domain/ports/store.ts';
import type { Write, WriteResult } from '../domain/ports/writes.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/log.ts';
import { sleep } from '../runtime/sleep.ts';

/** What relinking is built from. */
export interface RelinkingOptions {
  readonly read: Pick<Store['read'], 'relinksPending'>;
  /** The intake's `apply`, so that desks and deliveries hear of it. */
  readonly apply: (writes: readonly Write[]) => Promise<readonly WriteResult[]>;
  readonly clock: Clock;
  readonly log: Logger;
  /** Milliseconds between two looks while nothing waits: another process may import. 2 s by default. */
  readonly poll?: number;
}

/**
 * Goes on where a write left earlier interactions for later: of a number with thousands of them, or of many numbers at
 * once. What waits is in the store, so that a crash only delays it; each batch is a commit of its own, so that calls pass between.
 */
export class Relinking {
  readonly #options: RelinkingOptions;
  readonly #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(options: RelinkingOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { read, apply, clock, log, poll = 2000 } = this.#options;
    while (!this.#stopping.signal.aborted) {
      try {
        if (await read.relinksPending()) {
          const [result] = await apply([{ op: 'relink', at: clock.now() }]);
          if (result?.ok === false) throw new Error(`the store refused to relink: ${result.message}`);
          continue;
        }
      } catch (error) {
        log.error({ err: error }, 'earlier interactions could not be matched again; it will be tried again');
      }
      await sleep(poll, this.#stopping.signal);
    }
  }
}
