import type { FollowUp } from '../domain/follow-up/follow-up.ts';
import type { ContactEvent } from '../domain/interaction/contact-event.ts';
import type { News, Store } from '../domain/ports/store.ts';
import type { Change, Fence, Write, WriteResult } from '../domain/ports/writes.ts';
import { Emitter } from '../runtime/emitter.ts';
import type { Logger } from '../runtime/log.ts';
import type { TextReader } from './text-reader.ts';

/** The store refused an event for good. Repeating it would not help. */
export class RefusedEventError extends Error {
  override readonly name = 'RefusedEventError';
}

/** Another instance holds the connection of this event. The event was not stored and must be delivered again. */
export class FencedEventError extends Error {
  override readonly name = 'FencedEventError';
}

/** Writes that may end somebody's session. */
const accessWrites: ReadonlySet<Write['op']> = new Set([
  'put-user',
  'change-user',
  'remove-user',
  'put-token',
  'remove-token',
  'close-session',
  'close-sessions',
]);

/** Counts since the start, for the metrics. */
export interface IntakeCounts {
  readonly accepted: number;
  readonly refused: number;
  readonly failed: number;
}

/**
 * The single entry point for everything that changes contacts: events from outside (`emit`) and decisions of people
 * and programs (`apply`). It resolves once the commit is durable, and only then notifies desks and delivery.
 */
export class Intake {
  /**
   * `change` and `followUp` fire once for each interaction, lead and task that a commit changed, on this instance or
   * another, in commit order. `access` fires for writes that end sessions or change rights, `command` for queued commands to calls.
   */
  readonly changes: Emitter<{ change: Change; followUp: FollowUp; access: Write; command: Write }>;
  /** Fires with the changes of other instances, after `changes` has fired for them. */
  readonly others: Emitter<{ news: News }>;
  readonly #store: Store;
  readonly #log: Logger;
  readonly #reader: TextReader | null;
  #counts = { accepted: 0, refused: 0, failed: 0 };

  /** Without a `reader`, texts are not searched for telephones and addresses. */
  constructor(store: Store, log: Logger, reader: TextReader | null = null) {
    this.#store = store;
    this.#log = log;
    this.#reader = reader;
    this.changes = new Emitter(log);
    this.others = new Emitter(log);
    store.onNews((news) => {
      this.#announce(news);
      this.others.emit('news', news);
    });
  }

  get counts(): IntakeCounts {
    return this.#counts;
  }

  /**
   * Stores an event. Rejects if it could not be made durable: with {@link RefusedEventError} if it never will be, and
   * with {@link FencedEventError} if another instance holds the `fence`.
   */
  async emit(event: ContactEvent, fence?: Fence): Promise<void> {
    const [result] = await this.apply([{ op: 'contact', event, ...(fence !== undefined && { fence }) }]);
    if (result?.ok !== false) return;
    const { code, message } = result;
    if (code === 'fenced') throw new FencedEventError(`an event of ${event.connection} was not stored: ${message}`);
    this.#log.error({ connection: event.connection, code }, 'the store refused an event');
    throw new RefusedEventError(message);
  }

  /** Applies writes in one batch and notifies listeners of what they changed. */
  async apply(writes: readonly Write[]): Promise<readonly WriteResult[]> {
    let results: readonly WriteResult[];
    try {
      const prepared = this.#reader?.prepare(writes) ?? writes;
      // Await only if necessary: callers must reach the store in the order of their calls.
      results = await this.#store.apply(prepared instanceof Promise ? await prepared : prepared);
    } catch (error) {
      this.#counts.failed += writes.length;
      throw error;
    }
    for (const result of results) {
      if (!result.ok) {
        this.#counts.refused += 1;
        if (result.cause !== undefined) this.#log.error({ cause: result.cause }, 'a write failed in the store');
        continue;
      }
      this.#counts.accepted += 1;
      this.#announce(result);
    }
    for (const write of writes) {
      if (accessWrites.has(write.op)) this.changes.emit('access', write);
      if (write.op === 'command') this.changes.emit('command', write);
    }
    return results;
  }

  #announce({ changes, followUps }: Pick<News, 'changes' | 'followUps'>): void {
    for (const change of changes) this.changes.emit('change', change);
    for (const followUp of followUps) this.changes.emit('followUp', followUp);
  }
}
