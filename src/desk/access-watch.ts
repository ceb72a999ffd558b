import type { AccessReader } from '../domain/ports/readers.ts';
import type { Logger } from '../runtime/log.ts';
import { Nudge } from '../runtime/nudge.ts';

/** What watching rights is built from. */
export interface AccessWatchOptions {
  readonly read: Pick<AccessReader, 'accessChanges'>;
  /** Told whose rights have changed: logins, `token:NAME`, hashes of sessions. */
  readonly onChange: (whose: readonly string[]) => Promise<void>;
  readonly log: Logger;
  /** Milliseconds between two looks where nothing nudges; half a second by default. */
  readonly every?: number;
}

/**
 * Hears whose sessions ended and whose rights changed: by this program at once, by other instances and by commands at the server
 * within half a second. Requests are judged anew each time; open desks have to be told.
 */
export class AccessWatch {
  readonly #options: AccessWatchOptions;
  readonly #nudge = new Nudge();
  #place: number | null = null;
  #stopped = false;
  #running: Promise<void> = Promise.resolve();

  constructor(options: AccessWatchOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Something was changed here. */
  nudge(): void {
    this.#nudge.nudge();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#nudge.nudge();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { every = 500, log } = this.#options;
    let away = false;
    while (!this.#stopped) {
      this.#nudge.heed();
      try {
        await this.#look();
        away = false;
      } catch (error) {
        if (!away)
          log.warn({ err: error }, 'changes of rights could not be read; open desks are checked once it works');
        away = true;
      }
      await this.#nudge.wait(every);
    }
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
