import type { HookAnswer } from '../../domain/ports/hooks.ts';
import type { Clock } from '../../runtime/clock.ts';
import { isFault } from '../../runtime/fault.ts';
import type { Logger } from '../../runtime/log.ts';

/** The answer if everything is stored. */
export const taken: HookAnswer = { status: 200 };
/** The answer if something could not be stored. The service then repeats the request. */
export const again: HookAnswer = { status: 503, body: 'temporarily unavailable, try again later' };

/** Minimum milliseconds between two log entries, so that a flood of forged requests does not fill the log. */
const logInterval = 60_000;

/** Counts refused requests and logs at most one per minute, without contents. */
export class Refusals {
  readonly #log: Logger;
  readonly #clock: Clock;
  #count = 0;
  #loggedAt = 0;

  constructor(log: Logger, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
  }

  /** Requests refused since the start. */
  get count(): number {
    return this.#count;
  }

  /** Refuses a request. `why` must be a constant text. */
  refuse(status: number, why: string): HookAnswer {
    this.#count += 1;
    const now = this.#clock.now();
    if (now - this.#loggedAt >= logInterval) {
      this.#loggedAt = now;
      this.#log.warn({ why, count: this.#count }, 'refused a webhook request');
    }
    return { status, body: why };
  }
}

/**
 * Processes all items of a request, even if some fail. Rejects with the first temporary error, or else with the first error of the
 * program.
 */
export async function takeAll<One>(all: readonly One[], take: (one: One) => Promise<void>): Promise<void> {
  const errors: unknown[] = [];
  for (const one of all) await take(one).catch((error: unknown) => errors.push(error));
  if (errors.length > 0) throw errors.find((error) => !isFault(error)) ?? errors[0];
}
