import type { SubjectKind } from './delivery.ts';

/** Whose steps they are: one subject at one destination. */
export interface LedgerSubject {
  readonly destination: string;
  readonly kind: SubjectKind;
  readonly subject: string;
}

/**
 * The state of a step. `intended`: recorded before its remote call, with no outcome yet because the program ended. `uncertain`: the
 * call broke off and may have arrived. `done`: the other side has it.
 */
export type StepState = 'intended' | 'uncertain' | 'done';

/** One recorded remote step. */
export interface LedgerStep {
  /** The destination's own name of it, like `register`. */
  readonly step: string;
  readonly state: StepState;
  /** The other side's id of the result; null until it is done, or if there is none. */
  readonly remote: string | null;
  /** Milliseconds since the epoch. */
  readonly at: number;
}
