import type { Rate } from './pace.ts';

/** Settings of a destination's shared queue. */
export interface QueueSettings {
  /** The destination's name in the configuration. */
  readonly name: string;
  /** Maximum number of jobs that this instance handles at once. */
  readonly concurrency: number;
  /** Maximum rate over all instances together, or null. */
  readonly rate: Rate | null;
}

/** Callbacks of a queue into its instance. */
export interface QueueListener {
  /** Carries out a delivery by its id. Rejects if it is unknown whether it was carried out. */
  take(id: string): Promise<void>;
  /** Called when a job has ended, or the queue has become available or unavailable: check for work again. */
  changed(): void;
}

/**
 * The queue of one destination, through which several instances share deliveries. It may lose everything at any time,
 * because the store is authoritative.
 */
export interface SharedQueue {
  /** Whether the queue can be used. If not, each instance takes due deliveries from the store itself. */
  readonly ready: boolean;
  /**
   * Enqueues due deliveries by id. A delivery that is already queued is not added twice. Rejects if the queue is
   * unreachable.
   */
  put(ids: readonly string[]): Promise<void>;
  /**
   * Takes the next place within the rate for a delivery that does not come from the queue; its jobs wait meanwhile.
   * Resolves to the milliseconds until the delivery may start.
   */
  takePlace(): Promise<number>;
  /** Stops giving jobs to this instance. Resolves when the current ones have been carried out. */
  stop(): Promise<void>;
}

/** Opens the queue of a destination. */
export type OpenQueue = (settings: QueueSettings, listener: QueueListener) => SharedQueue;
