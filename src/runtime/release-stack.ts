import type { Logger } from './log.ts';

/** Something that can be started and stopped. */
export interface Startable {
  start(): Promise<void> | void;
  stop(): Promise<void> | void;
}

/**
 * Stops what was started, last in, first out. A failing release is logged and does not keep the others from running.
 * The same stack rolls back a failed start.
 */
export class ReleaseStack {
  readonly #releasers: { name: string; release: () => Promise<void> | void }[] = [];
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log;
  }

  /** Registers how to undo what has just been started. */
  push(name: string, release: () => Promise<void> | void): void {
    this.#releasers.push({ name, release });
  }

  /** Starts a part and registers stopping it. */
  async start(name: string, part: Startable): Promise<void> {
    await part.start();
    this.push(name, () => part.stop());
  }

  /** Releases everything, newest first. Safe to call twice. */
  async releaseAll(): Promise<void> {
    for (let entry = this.#releasers.pop(); entry !== undefined; entry = this.#releasers.pop()) {
      try {
        await entry.release();
      } catch (error) {
        this.#log.error({ err: error, part: entry.name }, 'a part failed to stop');
      }
    }
  }
}
