import type { Store } from '../domain/ports/store.ts';
import type { Write, WriteResult } from '../domain/ports/writes.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/log.ts';
import { Loop, type Loops } from '../runtime/loop.ts';

/** Dependencies and settings of {@link Relinking}. */
export interface RelinkingOptions {
  readonly read: Pick<Store['read'], 'relinksPending'>;
  /** The intake's `apply`, which notifies desks and deliveries. */
  readonly apply: (writes: readonly Write[]) => Promise<readonly WriteResult[]>;
  readonly clock: Clock;
  readonly log: Logger;
  /**
   * Milliseconds between polls while nothing is pending, because another process may import clients. 2 s by default.
   */
  readonly poll?: number;
  /** Registry that reports the health of background loops. */
  readonly loops?: Loops;
}

/**
 * Matches earlier interactions again that a write left for later, because a number has thousands of them or because
 * many numbers changed at once. Pending work is in the store, so a crash only delays it. Each batch is a separate
 * commit, so that calls can be written in between.
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
        log.error({ err: error }, 'could not match earlier interactions again; it will be retried');
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
