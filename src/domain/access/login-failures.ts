/** How often logging in has failed for one account, address or browser. */
export interface LoginFailures {
  /** A digest, because people sometimes type their password into the login field. */
  readonly key: string;
  readonly failures: number;
  /** When it failed last, milliseconds since the epoch. */
  readonly at: number;
}

/** Milliseconds after which a failure is forgotten when none follows. */
export const failuresKept = 3_600_000;
