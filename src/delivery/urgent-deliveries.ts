import type { Owed } from '../domain/delivery/delivery.ts';
import { sleep } from '../runtime/sleep.ts';
import type { Attempts } from './attempts.ts';
import type { Pace } from './pace.ts';
import type { SharedQueue } from './shared-queue.ts';

/** After this many milliseconds, the store is asked again for deliveries that nobody has announced, such as retries. */
const lookInterval = 1000;

/** Dependencies of {@link UrgentDeliveries}. */
export interface UrgentParts {
  readonly attempts: Attempts;
  readonly pace: Pace;
  /** Claims up to `room` urgent deliveries that are due. */
  readonly claim: (room: number) => Promise<readonly Owed[]>;
  /** Checks for work again. */
  readonly nudge: () => void;
  readonly stopping: () => AbortSignal;
}

/**
 * The urgent deliveries of a destination: calls that ring now. They come from the store even with a shared queue, since
 * they must not wait behind the jobs in it, and they have slots of their own. Only the rate limits them as the others.
 */
export class UrgentDeliveries {
  readonly #parts: UrgentParts;
  /** Whether there may be some that the store has not been asked for. */
  #mayBeDue = true;
  #lookAt = Number.NEGATIVE_INFINITY;

  constructor(parts: UrgentParts) {
    this.#parts = parts;
  }

  /** Something has changed: there may be urgent deliveries now. */
  expect(): void {
    this.#mayBeDue = true;
  }

  /** Starts what is due while there is room. `queue` is the shared queue in use, or null. */
  async fill(queue: SharedQueue | null): Promise<void> {
    if (!this.#mayBeDue && performance.now() < this.#lookAt) return;
    for (let room = this.#room(queue); room > 0; room = this.#room(queue)) {
      this.#mayBeDue = false;
      this.#lookAt = performance.now() + lookInterval;
      const due = await this.#parts.claim(room);
      // A store that claims nothing also returns those that were running.
      const fresh = due.filter((owed) => !this.#parts.attempts.holds(owed)).slice(0, room);
      for (const owed of fresh) await this.#start(owed, queue);
      if (fresh.length < room) return;
      this.#mayBeDue = true;
    }
  }

  #room(queue: SharedQueue | null): number {
    const { attempts, pace, stopping } = this.#parts;
    if (stopping().aborted) return 0;
    // A shared queue gives out places within the rate one by one.
    const paced = queue === null ? pace.room : pace.isLimited ? 1 : Number.POSITIVE_INFINITY;
    return Math.min(attempts.room('urgent'), paced);
  }

  async #start(owed: Owed, queue: SharedQueue | null): Promise<void> {
    const { attempts, pace, nudge, stopping } = this.#parts;
    if (queue === null) pace.recordStarts(1);
    else if (pace.isLimited) await sleep(await queue.takePlace(), stopping());
    const again = () => {
      this.expect();
      nudge();
    };
    void attempts.carryOut(owed, 'urgent', again).finally(again);
  }
}
