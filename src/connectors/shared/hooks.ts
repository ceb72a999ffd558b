import type { HookAnswer } from '../../domain/ports/hooks.ts';
import type { Clock } from '../../runtime/clock.ts';
import { isFault } from '../../runtime/fault.ts';
import type { Logger } from '../../runtime/log.ts';

/** Taken, and safe. */
export const taken: HookAnswer = { status: 200 };
/** It could not be made safe: the service shall bring it again. */
export const again: HookAnswer = { status: 503, body: 'not now, bring it again' };

/** A log that a flood of forged requests fills is an attack of its own. */
const quiet = 60_000;

/** Requests that were turned away: counted, and told at most once a minute, without anything that was in them. */
export class Refusals {
  readonly #log: Logger;
  readonly #clock: Clock;
  #count = 0;
  #toldAt = 0;

  constructor(log: Logger, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
  }

  /** Requests turned away since the start. */
  get count(): number {
    return this.#count;
  }

  /** Turns one away. `why` is static. */
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
 * Takes in everything that one request brought; one that fails doesn't keep the others out. Rejects with the first error,
 * and rather with one that passes than with a fault of ours.
 */
export async function takeAll<One>(all: readonly One[], take: (one: One) => Promise<void>): Promise<void> {
  const errors: unknown[] = [];
  for (const one of all) await take(one).catch((error: unknown) => errors.push(error));
  if (errors.length > 0) throw errors.find((error) => !isFault(error)) ?? errors[0];
}
