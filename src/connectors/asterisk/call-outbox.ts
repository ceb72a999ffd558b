import type { CallSnapshot } from '../../domain/interaction/contact-event.ts';
import { backoffDelay } from '../../runtime/backoff.ts';
import type { Logger } from '../../runtime/log.ts';
import { sleep } from '../../runtime/sleep.ts';

interface Lane {
  next: CallSnapshot | null;
  done: Promise<void>;
}

/** Limit of attempts for one snapshot. With back-off they take almost three hours, longer than the store is usually unavailable. */
const maxAttempts = 1000;

/**
 * Emits snapshots, one at a time per call and only the latest: changes during an emit go into the next one. Failed emits are
 * retried, so that nothing is lost while the store is unavailable.
 */
export class CallOutbox {
  readonly #emit: (snapshot: CallSnapshot) => Promise<void>;
  readonly #log: Logger;
  readonly #signal: AbortSignal;
  readonly #lanes = new Map<string, Lane>();

  constructor(emit: (snapshot: CallSnapshot) => Promise<void>, log: Logger, signal: AbortSignal) {
    this.#emit = emit;
    this.#log = log;
    this.#signal = signal;
  }

  /** Number of calls with a snapshot in flight. */
  get size(): number {
    return this.#lanes.size;
  }

  /** Emits a snapshot. Resolves when it, or a later one of the same call, is committed. */
  push(snapshot: CallSnapshot): Promise<void> {
    const lane = this.#lanes.get(snapshot.key);
    if (lane !== undefined) {
      lane.next = snapshot;
      return lane.done;
    }
    const fresh: Lane = { next: snapshot, done: Promise.resolve() };
    this.#lanes.set(snapshot.key, fresh);
    fresh.done = this.#drain(snapshot.key, fresh);
    return fresh.done;
  }

  /** Waits for all snapshots in flight. */
  async flush(): Promise<void> {
    await Promise.all([...this.#lanes.values()].map((lane) => lane.done));
  }

  async #drain(key: string, lane: Lane): Promise<void> {
    for (let attempts = 0; lane.next !== null && attempts < maxAttempts; ) {
      const snapshot = lane.next;
      lane.next = null;
      try {
        await this.#emit(snapshot);
        attempts = 0;
      } catch (error) {
        this.#log.error({ err: error }, 'a call could not be stored');
        if (this.#signal.aborted) break;
        lane.next ??= snapshot;
        await sleep(backoffDelay(attempts, { min: 100, max: 10_000 }), this.#signal);
        attempts += 1;
      }
    }
    this.#lanes.delete(key);
  }
}
