import type { DeliveryOutcome } from '../domain/delivery/delivery.ts';
import { DestinationLoop } from './destination-loop.ts';
import type { SchedulerOptions } from './options.ts';

/** Attempts by how they ended since the start, for the metrics. */
export type DeliveryCounts = Readonly<Record<DeliveryOutcome['kind'], number>>;

/**
 * Brings each destination what it is owed. One loop a destination, so that one CRM that hangs never
 * holds another up; where the work comes from, the store alone or a shared queue, is the loop's business.
 */
export class DeliveryScheduler {
  readonly #loops: readonly DestinationLoop[];

  constructor(options: SchedulerOptions) {
    this.#loops = options.destinations.map((destination) => new DestinationLoop(destination, options));
  }

  start(): void {
    for (const loop of this.#loops) loop.start();
  }

  /** Something may be due: look now. Call it for each change. */
  nudge(): void {
    for (const loop of this.#loops) loop.nudge();
  }

  /** Attempts since the start, by destination. */
  counts(): readonly { readonly destination: string; readonly counts: DeliveryCounts; readonly inFlight: number }[] {
    return this.#loops.map(({ name, counts, inFlight }) => ({ destination: name, counts, inFlight }));
  }

  /**
   * Takes nothing new and awaits what is under way for up to `grace` milliseconds, then abandons it: it stays
   * due and is repeated at the next start under the same webhook-id.
   */
  async stop(grace = 5000): Promise<void> {
    await Promise.all(this.#loops.map((loop) => loop.stop(grace)));
  }
}
