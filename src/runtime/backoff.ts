/** Limits of a jittered exponential back-off, in milliseconds. */
export interface BackoffLimits {
  readonly min: number;
  readonly max: number;
}

/**
 * The delay before attempt number `attempt`, where 0 is the first retry. It uses full jitter below a doubling
 * ceiling, but never less than `min`, so that many clients do not return to a recovered server at the same time.
 */
export function backoffDelay(attempt: number, limits: BackoffLimits, random: () => number = Math.random): number {
  const ceiling = Math.min(limits.max, limits.min * 2 ** Math.min(attempt, 30));
  return Math.round(limits.min + random() * (ceiling - limits.min));
}
