/** Result of one check. */
export interface Finding {
  readonly what: string;
  readonly ok: boolean;
  /** What was found, and if it is bad, what to do about it. */
  readonly detail: string;
}
