import type { CallSnapshot } from '../../domain/interaction/contact-event.ts';
import { backoffDelay } from '../../runtime/backoff.ts';
import type { Logger } from '../../runtime/log.ts';
import { sleep } from '../../runtime/sleep.ts';

interface Lane {
  next: CallSnapshot | null;
  done: Promise<void>;
}

/** Tries of one snapshot before it is given up: a store that is away is waited for much longer than this. */
const mostTries = 1000;

/**
 * Hands snapshots over, one at a time for each call and the latest only: what changed while one was on its
 * way goes with the next. A failed hand-over is tried again, so that nothing is lost while the store is away.
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

  /** Calls with something on its way. */
  get size(): number {
    return this.#lanes.size;
  }

  /** Hands a snapshot over; resolves when it, or a later one of the same call, is safe. */
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

  /** Waits for everything on its way. */
  async flush(): Promise<void> {
    await Promise.all([...this.#lanes.values()].map((lane) => lane.done));
  }

  async #drain(key: string, lane: Lane): Promise<void> {
    for (let tries = 0; lane.next !== null && tries < mostTries; ) {
      const snapshot = lane.next;
      lane.next = null;
      try {
        await this.#emit(snapshot);
        tries = 0;
      } catch (error) {
        this.#log.error({ err: error }, 'a call could not be handed over');
        if (this.#signal.aborted) break;
        lane.next ??= snapshot;
        await sleep(backoffDelay(tries, { min: 100, max: 10_000 }), this.#signal);
        tries += 1;
      }
    }
    this.#lanes.delete(key);
  }
}
