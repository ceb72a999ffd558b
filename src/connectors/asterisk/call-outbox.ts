import type { CallSnapshot } from '../../domain/interaction/contact-event.ts';
import { backoffDelay } from '../../runtime/backoff.ts';
import { coalesce } from '../../runtime/coalesce.ts';
import type { Logger } from '../../runtime/log.ts';
import { sleep } from '../../runtime/sleep.ts';

interface Lane {
  next: CallSnapshot | null;
  done: Promise<void>;
}

/** Limit of attempts for one snapshot. With back-off they take almost three hours, longer than the store is usually unavailable. */
const maxAttempts = 1000;

/**
 * Milliseconds from a change of a ringing call to its emit. A new channel, its dial and its ring become one snapshot, and the calls
 * of one moment share a commit: each commit costs more than the rest of a call.
 */
const gatherRings = 10;
/** The same while calls come one after the other: nobody sees this delay, and it halves the number of commits. */
const gatherRingsWhenBusy = 50;
/** Milliseconds after an emit within which the PBX counts as busy. */
const busyFor = 100;
/** The same for other changes, which bring up no page. They go along with the next ring. */
const gatherOthers = 100;

/**
 * Emits snapshots, one at a time per call and only the latest: changes during an emit go into the next one. Failed emits are
 * retried, so that nothing is lost while the store is unavailable.
 */
export class CallOutbox {
  readonly #emit: (snapshot: CallSnapshot) => Promise<void>;
  readonly #log: Logger;
  readonly #signal: AbortSignal;
  readonly #lanes = new Map<string, Lane>();
  readonly #releaseRings = coalesce(() => this.#release(), gatherRings);
  readonly #releaseBusyRings = coalesce(() => this.#release(), gatherRingsWhenBusy);
  readonly #releaseOthers = coalesce(() => this.#release(), gatherOthers);
  /** Lets the calls go on that wait for others. */
  #gathered: (() => void)[] = [];
  #releasedAt = -busyFor;

  constructor(emit: (snapshot: CallSnapshot) => Promise<void>, log: Logger, signal: AbortSignal) {
    this.#emit = emit;
    this.#log = log;
    this.#signal = signal;
  }

  /** Number of calls with a snapshot in flight. */
  get size(): number {
    return this.#lanes.size;
  }

  /** Whether the latest state of a call is not committed yet. */
  has(key: string): boolean {
    return this.#lanes.has(key);
  }

  /** Emits a snapshot. Resolves when it, or a later one of the same call, is committed. */
  push(snapshot: CallSnapshot): Promise<void> {
    const lane = this.#lanes.get(snapshot.key);
    if (lane !== undefined) {
      lane.next = snapshot;
      this.#releaseSoon(snapshot);
      return lane.done;
    }
    const fresh: Lane = { next: snapshot, done: Promise.resolve() };
    this.#lanes.set(snapshot.key, fresh);
    fresh.done = this.#drain(snapshot.key, fresh);
    return fresh.done;
  }

  /** Emits what still waits for other calls, and waits for all snapshots in flight. */
  async flush(): Promise<void> {
    this.#release();
    await Promise.all([...this.#lanes.values()].map((lane) => lane.done));
  }

  async #drain(key: string, lane: Lane): Promise<void> {
    for (let attempts = 0; lane.next !== null && attempts < maxAttempts; ) {
      await this.#gather(lane.next);
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

  /** Resolves when the call is to be emitted, together with the others that wait. */
  #gather(snapshot: CallSnapshot): Promise<void> {
    if (this.#signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      this.#gathered.push(resolve);
      this.#releaseSoon(snapshot);
    });
  }

  #releaseSoon(snapshot: CallSnapshot): void {
    if (!isRinging(snapshot)) this.#releaseOthers();
    else if (performance.now() - this.#releasedAt < busyFor) this.#releaseBusyRings();
    else this.#releaseRings();
  }

  #release(): void {
    this.#releaseRings.cancel();
    this.#releaseBusyRings.cancel();
    this.#releaseOthers.cancel();
    if (this.#gathered.length > 0) this.#releasedAt = performance.now();
    for (const goOn of this.#gathered.splice(0)) goOn();
  }
}

/** Whether the call rings at a phone, or will. */
function isRinging({ endedAt, legs, state }: CallSnapshot): boolean {
  return endedAt === null && (state === 'ringing' || legs.some((leg) => leg.talkedAt === null && leg.endedAt === null));
}
