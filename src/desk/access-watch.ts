import type { AccessReader } from '../domain/ports/readers.ts';
import type { Logger } from '../runtime/log.ts';
import { Loop, type Loops } from '../runtime/loop.ts';

/** What watching rights is built from. */
export interface AccessWatchOptions {
  readonly read: Pick<AccessReader, 'accessChanges'>;
  /** Told whose rights have changed: logins, `token:NAME`, hashes of sessions. */
  readonly onChange: (whose: readonly string[]) => Promise<void>;
  readonly log: Logger;
  /** Milliseconds between two looks where nothing nudges; half a second by default. */
  readonly every?: number;
  /** Where the loop's health is seen. */
  readonly loops?: Loops;
}

/**
 * Hears whose sessions ended and whose rights changed: by this program at once, by other instances and by commands at the server
 * within half a second. Requests are judged anew each time; open desks have to be told.
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
          log.warn({ err: error }, 'changes of rights could not be read; open desks are checked once it works');
      },
    });
  }

  start(): void {
    this.#loop.start();
  }

  /** Something was changed here. */
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
    // Desks that are open at the first look were let in by the rights of now.
    if (!isFirst && whose.length > 0) await onChange(whose);
  }
}
