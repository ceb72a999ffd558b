/** Time as a dependency, so that tests can control it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

/** Milliseconds since an arbitrary time, unaffected by changes of the system clock; for pauses and deadlines. */
export const monotonicClock: Clock = { now: () => performance.now() };

/** The system clock. */
export const systemClock: Clock = { now: () => Date.now() };
