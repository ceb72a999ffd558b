/** One thing that was looked at. */
export interface Finding {
  readonly what: string;
  readonly ok: boolean;
  /** What was seen; where it is bad, what to do about it. */
  readonly detail: string;
}
