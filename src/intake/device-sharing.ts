import type { DeviceReport } from '../domain/call/device.ts';
import type { Write, WriteResult } from '../domain/ports/writes.ts';
import { coalesce } from '../runtime/coalesce.ts';
import type { Logger } from '../runtime/log.ts';

/** Reports within this many milliseconds share one write: on connect, every telephone reports at once. */
const pause = 20;
const troublePause = 1000;

/**
 * Writes the states of one connection's telephones to the store, where other instances read them. Only the latest
 * state of each telephone is written.
 */
export class DeviceSharing {
  readonly #apply: (writes: readonly Write[]) => Promise<readonly WriteResult[]>;
  readonly #log: Logger;
  #pending = new Map<string, DeviceReport>();
  readonly #soon = coalesce(() => void this.#share(), pause);
  readonly #later = coalesce(() => void this.#share(), troublePause);

  constructor(apply: (writes: readonly Write[]) => Promise<readonly WriteResult[]>, log: Logger) {
    this.#apply = apply;
    this.#log = log;
  }

  /** Queues reports; they are written shortly afterwards. */
  report(reports: readonly DeviceReport[]): void {
    for (const one of reports) this.#pending.set(`${one.connection}/${one.extension}`, one);
    this.#soon();
  }

  /** Stops writing, and drops what is still queued. */
  stop(): void {
    this.#soon.cancel();
    this.#later.cancel();
  }

  async #share(): Promise<void> {
    const pending = this.#pending;
    if (pending.size === 0) return;
    this.#pending = new Map();
    try {
      await this.#apply([{ op: 'devices', reports: [...pending.values()] }]);
    } catch (error) {
      this.#log.warn({ err: error }, 'could not write the states of telephones; it will be retried');
      this.#pending = new Map([...pending, ...this.#pending]);
      this.#later();
    }
  }
}
