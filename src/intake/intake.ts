import type { FollowUp } from '../domain/follow-up/follow-up.ts';
import type { ContactEvent } from '../domain/interaction/contact-event.ts';
import type { News, Store } from '../domain/ports/store.ts';
import type { Change, Fence, Write, WriteResult } from '../domain/ports/writes.ts';
import { Emitter } from '../runtime/emitter.ts';
import type { Logger } from '../runtime/log.ts';
import type { TextReader } from './text-reader.ts';

/** The store refused an event for good; trying the same again is of no use. */
export class RefusedEventError extends Error {
  override readonly name = 'RefusedEventError';
}

/** Another instance holds the connection whose event this is: it was not taken, and shall be brought again. */
export class FencedEventError extends Error {
  override readonly name = 'FencedEventError';
}

/** Writes after which somebody may be logged out. */
const accessWrites: ReadonlySet<Write['op']> = new Set([
  'put-user',
  'change-user',
  'remove-user',
  'put-token',
  'remove-token',
  'close-session',
  'close-sessions',
]);

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
  /**
   * `change` and `followUp` fire once for each interaction, lead and task that a commit changed, of this instance or another, in
   * the order of their commits; `access` fires with a write that ends sessions or changes rights.
   */
  readonly changes: Emitter<{ change: Change; followUp: FollowUp; access: Write }>;
  /** Fires with what other instances did, after `changes` has fired for what they changed. */
  readonly others: Emitter<{ news: News }>;
  readonly #store: Store;
  readonly #log: Logger;
  readonly #reader: TextReader | null;
  #counts = { accepted: 0, refused: 0, failed: 0 };

  /** Without a `reader` nothing is looked for in what was written. */
  constructor(store: Store, log: Logger, reader: TextReader | null = null) {
    this.#store = store;
    this.#log = log;
    this.#reader = reader;
    this.changes = new Emitter(log);
    this.others = new Emitter(log);
    store.onNews((news) => {
      this.#tell(news);
      this.others.emit('news', news);
    });
  }

  get counts(): IntakeCounts {
    return this.#counts;
  }

  /**
   * Takes an event in. Rejects when it could not be made safe; with {@link RefusedEventError} when it never will be, with
   * {@link FencedEventError} when the `fence` is another's.
   */
  async emit(event: ContactEvent, fence?: Fence): Promise<void> {
    const [result] = await this.apply([{ op: 'contact', event, ...(fence !== undefined && { fence }) }]);
    if (result?.ok !== false) return;
    const { code, message } = result;
    if (code === 'fenced') throw new FencedEventError(`an event of ${event.connection} was not taken: ${message}`);
    this.#log.error({ connection: event.connection, code }, 'an event was refused by the store');
    throw new RefusedEventError(message);
  }

  /** Carries writes out, in one batch, and tells everybody who listens what they changed. */
  async apply(writes: readonly Write[]): Promise<readonly WriteResult[]> {
    let results: readonly WriteResult[];
    try {
      const prepared = this.#reader?.prepare(writes) ?? writes;
      // Nothing is awaited without need: who asks first goes to the store first.
      results = await this.#store.apply(prepared instanceof Promise ? await prepared : prepared);
    } catch (error) {
      this.#counts.failed += writes.length;
      throw error;
    }
    for (const result of results) {
      if (!result.ok) {
        this.#counts.refused += 1;
        if (result.cause !== undefined) this.#log.error({ cause: result.cause }, 'a write failed within the store');
        continue;
      }
      this.#counts.accepted += 1;
      this.#tell(result);
    }
    for (const write of writes) if (accessWrites.has(write.op)) this.changes.emit('access', write);
    return results;
  }

  #tell({ changes, followUps }: Pick<News, 'changes' | 'followUps'>): void {
    for (const change of changes) this.changes.emit('change', change);
    for (const followUp of followUps) this.changes.emit('followUp', followUp);
  }
}
