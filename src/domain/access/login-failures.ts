/** The number of failed logins of one account, address or browser. */
export interface LoginFailures {
  /** A digest, because people sometimes type their password into the login field. */
  readonly key: string;
  readonly failures: number;
  /** Time of the last failure, milliseconds since the epoch. */
  readonly at: number;
}

/** Milliseconds without a further failure after which the count is reset. */
export const failuresKept = 3_600_000;
