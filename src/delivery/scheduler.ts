import type { AttemptOutcome } from '../domain/delivery/delivery.ts';
import { DestinationLoop } from './destination-loop.ts';
import type { SchedulerOptions } from './options.ts';

/** Attempts since the start by result, for the metrics. */
export type DeliveryCounts = Readonly<Record<AttemptOutcome['kind'], number>>;

/**
 * Delivers to each destination what is due. Each destination has its own loop, so a CRM that hangs does not delay
 * others. The loop decides whether its work comes from the store alone or from a shared queue.
 */
export class DeliveryScheduler {
  readonly #loops: readonly DestinationLoop[];

  constructor(options: SchedulerOptions) {
    this.#loops = options.destinations.map((destination) => new DestinationLoop(destination, options));
  }

  start(): void {
    for (const loop of this.#loops) loop.start();
  }

  /** Looks for due deliveries right away. Call it after each change. */
  nudge(): void {
    for (const loop of this.#loops) loop.nudge();
  }

  /** Attempts since the start, by destination. */
  counts(): readonly { readonly destination: string; readonly counts: DeliveryCounts; readonly inFlight: number }[] {
    return this.#loops.map(({ name, counts, inFlight }) => ({ destination: name, counts, inFlight }));
  }

  /**
   * Starts nothing new and waits up to `grace` milliseconds for running attempts, then abandons them. Abandoned
   * deliveries stay due and are repeated after the next start with the same webhook-id.
   */
  async stop(grace = 5000): Promise<void> {
    await Promise.all(this.#loops.map((loop) => loop.stop(grace)));
  }
}
