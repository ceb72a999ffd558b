import type { ContactEvent } from '../domain/contact-event.ts';
import type { Store } from '../domain/store-port.ts';
import type { Change, Write, WriteResult } from '../domain/writes.ts';
import { Emitter } from '../runtime/emitter.ts';
import type { Logger } from '../runtime/log.ts';

/** The store refused an event for good; trying the same again is of no use. */
export class RefusedEventError extends Error {
  /** By which connectors tell it from the store's trouble: they may not import this class. */
  override readonly name = 'RefusedEventError';
}

/** What the intake has done since the start; for the metrics. */
export interface IntakeCounts {
  readonly accepted: number;
  readonly refused: number;
  readonly failed: number;
}

/**
 * The one place that everything goes through: what happened outside (`emit`) and what people and
 * programs decide (`apply`). It resolves when the commit is durable, and only then tells desks and delivery.
 */
export class Intake {
  /** Fires once for each interaction that a commit changed, in the order of the commits. */
  readonly changes: Emitter<{ change: Change }>;
  readonly #store: Store;
  readonly #log: Logger;
  #counts = { accepted: 0, refused: 0, failed: 0 };

  constructor(store: Store, log: Logger) {
    this.#store = store;
    this.#log = log;
    this.changes = new Emitter(log);
  }

  get counts(): IntakeCounts {
    return this.#counts;
  }

  /** Takes an event in. Rejects when it could not be made safe; {@link RefusedEventError} when it never will be. */
  async emit(event: ContactEvent): Promise<void> {
    const [result] = await this.apply([{ op: 'contact', event }]);
    if (result?.ok === false) {
      this.#log.error({ connection: event.connection, code: result.code }, 'an event was refused by the store');
      throw new RefusedEventError(`the store refused an event of ${event.connection}: ${result.message}`);
    }
  }

  /** Carries writes out, in one batch, and tells everybody who listens what they changed. */
  async apply(writes: readonly Write[]): Promise<readonly WriteResult[]> {
    let results: readonly WriteResult[];
    try {
      results = await this.#store.apply(writes);
    } catch (error) {
      this.#counts.failed += writes.length;
      throw error;
    }
    for (const result of results) {
      if (!result.ok) {
        this.#counts.refused += 1;
        continue;
      }
      this.#counts.accepted += 1;
      for (const change of result.changes) this.changes.emit('change', change);
    }
    return results;
  }
}
