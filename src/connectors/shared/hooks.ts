import type { Clock } from '../../runtime/clock.ts';
import type { Logger } from '../../runtime/log.ts';
import type { HookAnswer } from '../contract.ts';

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

/** Takes everything that one request brought in; one that fails doesn't keep the others out. */
export async function takeAll<One>(
  all: readonly One[],
  take: (one: One) => Promise<void>,
  log: Logger,
): Promise<HookAnswer> {
  let failed = 0;
  for (const one of all) {
    try {
      await take(one);
    } catch (error) {
      failed += 1;
      log.error({ err: error }, 'what a webhook brought could not be made safe');
    }
  }
  return failed === 0 ? taken : again;
}
