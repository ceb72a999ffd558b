/** Time as a dependency, so that tests decide what "now" is. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

/** Milliseconds since some moment, which no setting of the machine's clock moves: for pauses and deadlines. */
export const monotonicClock: Clock = { now: () => performance.now() };

/** The machine's own clock. */
export const systemClock: Clock = { now: () => Date.now() };
