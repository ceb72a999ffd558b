import type { QueueEvent, QueueState } from '../domain/call/queue.ts';

/** The queues of all PBXs that this instance follows, for the metrics and for pages that show who waits. */
export class QueueBoard {
  readonly #states = new Map<string, QueueState>();
  readonly #counts = new Map<string, QueueEvent & { readonly count: number }>();

  /** All queues now, by connection and name. */
  get states(): readonly QueueState[] {
    return [...this.#states.values()];
  }

  /** What happened in the queues since the start. */
  get counts(): readonly (QueueEvent & { readonly count: number })[] {
    return [...this.#counts.values()];
  }

  /** Replaces the state of a queue. */
  set(state: QueueState): void {
    const key = `${state.connection}/${state.queue}`;
    if (state.callers.length === 0 && state.agents.length === 0) this.#states.delete(key);
    else this.#states.set(key, state);
  }

  /** Counts something that happened in a queue. */
  count(event: QueueEvent): void {
    const key = `${event.connection}/${event.queue}/${event.what}`;
    this.#counts.set(key, { ...event, count: (this.#counts.get(key)?.count ?? 0) + 1 });
  }

  /** Removes the queues of a connection that this instance no longer follows. */
  drop(connection: string): void {
    for (const [key, state] of this.#states) if (state.connection === connection) this.#states.delete(key);
  }
}
