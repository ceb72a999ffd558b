/** A question in SQL that both stores speak: `?` for each value, in their order, and one row more than the page has. */
export interface Question {
  readonly sql: string;
  readonly values: readonly unknown[];
}
