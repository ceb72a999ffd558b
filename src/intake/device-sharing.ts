import type { DeviceReport } from '../domain/call/device.ts';
import type { Write, WriteResult } from '../domain/ports/writes.ts';
import { coalesce } from '../runtime/coalesce.ts';
import type { Logger } from '../runtime/log.ts';

/** Reports within this time go into one write, in milliseconds: a connect reports every telephone at once. */
const pause = 20;
const troublePause = 1000;

/** Hands what one connection's telephones are doing to the store, where the other instances find it; the latest of each only. */
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

  /** Takes reports; they are shared a moment later. */
  report(reports: readonly DeviceReport[]): void {
    for (const one of reports) this.#pending.set(`${one.connection}/${one.extension}`, one);
    this.#soon();
  }

  /** Shares no more. */
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
      this.#log.warn({ err: error }, 'the states of telephones could not be shared; they are shared later');
      this.#pending = new Map([...pending, ...this.#pending]);
      this.#later();
    }
  }
}
