/** What holds for a destination whose settings say nothing. */
export const deliveryDefaults = {
  /** Deliveries at once. */
  concurrency: 4,
  /** Waits between attempts, in seconds. */
  retry: { first: 2, longest: 7200 },
} as const;
