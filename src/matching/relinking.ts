import type { Store } from '../domain/ports/store.ts';
import type { Write, WriteResult } from '../domain/ports/writes.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/log.ts';
import { Loop, type Loops } from '../runtime/loop.ts';

/** What relinking is built from. */
export interface RelinkingOptions {
  readonly read: Pick<Store['read'], 'relinksPending'>;
  /** The intake's `apply`, so that desks and deliveries hear of it. */
  readonly apply: (writes: readonly Write[]) => Promise<readonly WriteResult[]>;
  readonly clock: Clock;
  readonly log: Logger;
  /** Milliseconds between two looks while nothing waits: another process may import. 2 s by default. */
  readonly poll?: number;
  /** Where the loop's health is seen. */
  readonly loops?: Loops;
}

/**
 * Goes on where a write left earlier interactions for later: of a number with thousands of them, or of many numbers at
 * once. What waits is in the store, so that a crash only delays it; each batch is a commit of its own, so that calls pass between.
 */
export class Relinking {
  readonly #options: RelinkingOptions;
  readonly #loop: Loop;

  constructor(options: RelinkingOptions) {
    this.#options = options;
    const { log, loops, poll = 2000 } = options;
    this.#loop = new Loop({
      name: 'relinking',
      loops,
      round: () => this.#once(poll),
      backoff: { min: poll, max: poll },
      onTrouble: (error) => {
        log.error({ err: error }, 'earlier interactions could not be matched again; it will be tried again');
      },
    });
  }

  start(): void {
    this.#loop.start();
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  async #once(poll: number): Promise<number> {
    const { read, apply, clock } = this.#options;
    if (!(await read.relinksPending())) return poll;
    const [result] = await apply([{ op: 'relink', at: clock.now() }]);
    if (result?.ok === false) throw new Error(`the store refused to relink: ${result.message}`);
    return 0;
  }
}
