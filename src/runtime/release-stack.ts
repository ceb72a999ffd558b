import type { Logger } from './log.ts';

/** What runs between its start and its stop. */
export interface Startable {
  start(): Promise<void> | void;
  stop(): Promise<void> | void;
}

/**
 * What was started, undone last-in first-out. A releaser that fails is logged and does not keep
 * the others from running; a failed start rolls back what had started by the same way.
 */
export class ReleaseStack {
  readonly #releasers: { name: string; release: () => Promise<void> | void }[] = [];
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log;
  }

  /** Remembers how to undo what has just been started. */
  push(name: string, release: () => Promise<void> | void): void {
    this.#releasers.push({ name, release });
  }

  /** Starts a part and remembers to stop it. */
  async start(name: string, part: Startable): Promise<void> {
    await part.start();
    this.push(name, () => part.stop());
  }

  /** Undoes everything, newest first. Safe to call twice. */
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
