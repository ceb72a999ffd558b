/** How long contacts are kept. */
export interface Retention {
  /** Whole months, at least 1. */
  readonly months: number;
  /** PostgreSQL: a month that is over stays as a table of its own, which nothing looks into, instead of being dropped. */
  readonly keepDetached: boolean;
}

/**
 * The first moment that is still kept. Whole months of UTC go, as PostgreSQL's partitions are cut, so that what was taken in is
 * there for `months` and up to one month more.
 */
export function keptFrom(now: number, { months }: Retention): number {
  const day = new Date(now);
  return Date.UTC(day.getUTCFullYear(), day.getUTCMonth() - months, 1);
}
