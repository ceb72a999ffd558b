import type { RouteAnswer } from '../../domain/routing/routing.ts';
import type { AnswerNumbers } from './messages.ts';

const bounds = [1, 2, 5, 10, 25, 50, 100, 250, 500, Number.POSITIVE_INFINITY];

/** Collects the metrics of the answers. */
export class Meter {
  failed = 0;
  late = 0;
  dropped = 0;
  heardAt = Date.now();
  #asked = 0;
  readonly #decisions = { responsible: 0, deputy: 0, group: 0, queue: 0, default: 0 };
  readonly #latency = bounds.map(() => 0);

  /** Counts an answer and the milliseconds it took. */
  answered(decision: RouteAnswer['decision'], milliseconds: number): void {
    this.#asked += 1;
    this.#decisions[decision] += 1;
    const bucket = bounds.findIndex((bound) => milliseconds <= bound);
    this.#latency[bucket] = (this.#latency[bucket] ?? 0) + 1;
  }

  /** Returns the current metrics. */
  read(): AnswerNumbers {
    return {
      asked: this.#asked,
      decisions: { ...this.#decisions },
      failed: this.failed,
      late: this.late,
      dropped: this.dropped,
      latency: bounds.map((upTo, i) => ({ upTo, count: this.#latency[i] ?? 0 })),
      heardAt: this.heardAt,
    };
  }
}
