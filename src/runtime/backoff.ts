/** Limits of a jittered exponential back-off, in milliseconds. */
export interface BackoffLimits {
  readonly min: number;
  readonly max: number;
}

/**
 * The wait before attempt number `attempt` (0 is the first retry): "full jitter" over a doubling
 * ceiling, never below `min`, so that many clients of one server that came back do not return together.
 */
export function backoffDelay(attempt: number, limits: BackoffLimits, random: () => number = Math.random): number {
  const ceiling = Math.min(limits.max, limits.min * 2 ** Math.min(attempt, 30));
  return Math.round(limits.min + random() * (ceiling - limits.min));
}
