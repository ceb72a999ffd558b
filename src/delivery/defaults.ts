/** Defaults for destinations. */
export const deliveryDefaults = {
  /** Maximum number of concurrent deliveries. */
  concurrency: 4,
  /** Delays between attempts, in seconds. */
  retry: { first: 2, longest: 7200 },
} as const;
