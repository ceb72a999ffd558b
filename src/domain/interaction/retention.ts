/** How long contacts are kept. */
export interface Retention {
  /** Whole months, at least 1. */
  readonly months: number;
  /** PostgreSQL: expired months are detached as separate tables instead of being dropped. */
  readonly keepDetached: boolean;
}

/**
 * The first moment that is still kept. Whole UTC months are removed, as PostgreSQL's partitions are months, so contacts live for
 * `months` and up to one month more.
 */
export function keptFrom(now: number, { months }: Retention): number {
  const day = new Date(now);
  return Date.UTC(day.getUTCFullYear(), day.getUTCMonth() - months, 1);
}
