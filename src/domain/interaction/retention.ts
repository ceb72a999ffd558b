/** How long contacts are kept. */
export interface Retention {
  /** Whole months, at least 1. */
  readonly months: number;
  /** PostgreSQL: expired months are detached as separate tables instead of being dropped. */
  readonly keepDetached: boolean;
}

/**
 * The beginning of the period that is kept. Only complete UTC months are removed, because PostgreSQL's partitions are months.
 * Contacts are therefore kept for up to one month longer than `months`.
 */
export function keptFrom(now: number, { months }: Retention): number {
  const day = new Date(now);
  return Date.UTC(day.getUTCFullYear(), day.getUTCMonth() - months, 1);
}
