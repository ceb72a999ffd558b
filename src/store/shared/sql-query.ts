/**
 * A statement that both stores understand, with one `?` per value. Listings ask for one row more than the page holds.
 */
export interface SqlQuery {
  readonly sql: string;
  readonly values: readonly unknown[];
}
