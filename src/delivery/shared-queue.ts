import type { Rate } from './pace.ts';

/** What a queue that several instances share is to know of a destination. */
export interface QueueSettings {
  /** The destination's name in the configuration. */
  readonly name: string;
  /** How many are handed to this instance at once. */
  readonly concurrency: number;
  /** Kept over all instances together; null for none. */
  readonly rate: Rate | null;
}

/** What a queue calls in the instance that it works for. */
export interface QueueListener {
  /** Carries out what was handed to this instance, by the id of the owed row. Rejects when nobody can say whether it was. */
  take(id: string): Promise<void>;
  /** Something was carried out, or the queue has come or gone: look again. */
  changed(): void;
}

/** One destination's queue, by which the instances share out what is due. It may forget everything at any time: the store is the truth. */
export interface SharedQueue {
  /** Whether it can be used. While it can't, each instance takes what is due from the store by itself. */
  readonly ready: boolean;
  /** Hands in what is due, by the ids of the owed rows; what is in the queue already stays there once. Rejects when it can't be reached. */
  put(ids: readonly string[]): Promise<void>;
  /** Hands nothing more to this instance; resolves when what it was handed has been carried out. */
  stop(): Promise<void>;
}

/** Opens a destination's queue. */
export type OpenQueue = (settings: QueueSettings, listener: QueueListener) => SharedQueue;
