import type { HookAnswer } from '../../domain/ports/hooks.ts';
import type { Clock } from '../../runtime/clock.ts';
import { isFault } from '../../runtime/fault.ts';
import type { Logger } from '../../runtime/log.ts';

/** Taken, and safe. */
export const taken: HookAnswer = { status: 200 };
/** It could not be made safe: the service is to send it again. */
export const again: HookAnswer = { status: 503, body: 'not now, bring it again' };

/** Milliseconds between two log lines: a flood of forged requests must not fill the log. */
const quiet = 60_000;

/** Counts refused requests and logs at most one a minute, without its contents. */
export class Refusals {
  readonly #log: Logger;
  readonly #clock: Clock;
  #count = 0;
  #toldAt = 0;

  constructor(log: Logger, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
  }

  /** Requests refused since the start. */
  get count(): number {
    return this.#count;
  }

  /** Refuses one. `why` is a constant text. */
  refuse(status: number, why: string): HookAnswer {
    this.#count += 1;
    const now = this.#clock.now();
    if (now - this.#toldAt >= quiet) {
      this.#toldAt = now;
      this.#log.warn({ why, count: this.#count }, 'a webhook request was turned away');
    }
    return { status, body: why };
  }
}

/**
 * Takes in everything that one request brought; one that fails does not keep the others out. Rejects with the first error that may
 * pass, else with the first fault of ours.
 */
export async function takeAll<One>(all: readonly One[], take: (one: One) => Promise<void>): Promise<void> {
  const errors: unknown[] = [];
  for (const one of all) await take(one).catch((error: unknown) => errors.push(error));
  if (errors.length > 0) throw errors.find((error) => !isFault(error)) ?? errors[0];
}
