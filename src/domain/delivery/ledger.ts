import type { SubjectKind } from './delivery.ts';

/** Whose steps they are: one subject at one destination. */
export interface LedgerSubject {
  readonly destination: string;
  readonly kind: SubjectKind;
  readonly subject: string;
}

/**
 * How far a step is. `intended`: written down before its remote call, and nothing since: the program ended meanwhile. `uncertain`:
 * the call broke off and may have arrived. `done`: the other side has it.
 */
export type StepState = 'intended' | 'uncertain' | 'done';

/** One remote step as it is written down. */
export interface LedgerStep {
  /** The destination's own name of it, like `register`. */
  readonly step: string;
  readonly state: StepState;
  /** What the other side calls the result; null while it isn't done, or where it has no name. */
  readonly remote: string | null;
  /** Milliseconds since the epoch. */
  readonly at: number;
}
