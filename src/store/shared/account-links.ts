/** A row of the table `account_links`. */
export interface AccountLinkRow {
  readonly account: string;
  readonly kind: number;
  readonly value: string;
}
