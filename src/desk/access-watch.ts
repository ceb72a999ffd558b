import type { AccessReader } from '../domain/ports/readers.ts';
import type { Logger } from '../runtime/log.ts';
import { Loop, type Loops } from '../runtime/loop.ts';

/** Parts that an {@link AccessWatch} needs. */
export interface AccessWatchOptions {
  readonly read: Pick<AccessReader, 'accessChanges'>;
  /** Gets the names whose rights have changed: logins, `token:NAME`, hashes of sessions. */
  readonly onChange: (whose: readonly string[]) => Promise<void>;
  readonly log: Logger;
  /** Milliseconds between two polls without a nudge; 500 by default. */
  readonly every?: number;
  /** Reports the loop's health. */
  readonly loops?: Loops;
}

/**
 * Reports ended sessions and changed rights. Changes by this process are seen at once, changes by other instances and by the
 * command line within half a second. Requests check rights each time, but desks stay open and must be rechecked.
 */
export class AccessWatch {
  readonly #options: AccessWatchOptions;
  readonly #loop: Loop;
  #place: number | null = null;

  constructor(options: AccessWatchOptions) {
    this.#options = options;
    const { every = 500, log, loops } = options;
    this.#loop = new Loop({
      name: 'access',
      loops,
      round: async () => {
        await this.#look();
        return every;
      },
      backoff: { min: every, max: every },
      nudgeEndsBackoff: true,
      onTrouble: (error, failures) => {
        if (failures === 0)
          log.warn(
            { err: error },
            'changes of rights could not be read; open desks are rechecked when the store answers again',
          );
      },
    });
  }

  start(): void {
    this.#loop.start();
  }

  /** Polls now, because this process has changed something. */
  nudge(): void {
    this.#loop.nudge();
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  async #look(): Promise<void> {
    const { read, onChange } = this.#options;
    const { seq, whose } = await read.accessChanges(this.#place ?? 0);
    const isFirst = this.#place === null;
    this.#place = seq;
    // Desks that are open at the first poll were admitted with the current rights.
    if (!isFirst && whose.length > 0) await onChange(whose);
  }
}
