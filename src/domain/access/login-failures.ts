/** How often logging in has failed for one account, address or browser. */
export interface LoginFailures {
  /** A digest: what people type into the field of the login may be their password. */
  readonly key: string;
  readonly failures: number;
  /** When it failed last, milliseconds since the epoch. */
  readonly at: number;
}

/** Milliseconds after which a failure is forgotten when none follows. */
export const failuresKept = 3_600_000;
