import type { SubjectKind } from './delivery.ts';

/** The subject and destination that steps belong to. */
export interface LedgerSubject {
  readonly destination: string;
  readonly kind: SubjectKind;
  readonly subject: string;
}

/**
 * The state of a step. `intended`: recorded before the remote call, whose outcome is unknown because the program ended. `uncertain`:
 * the call was interrupted and may have arrived. `done`: the other side confirmed it.
 */
export type StepState = 'intended' | 'uncertain' | 'done';

/** A correction of the ledger. `state` is null for a step whose result is gone, so that it counts as never begun. */
export interface LedgerChange {
  readonly step: string;
  readonly state: StepState | null;
  readonly remote: string | null;
}

/** One recorded remote step. */
export interface LedgerStep {
  /** The destination's name for the step, such as `register`. */
  readonly step: string;
  readonly state: StepState;
  /** The id of the result on the other side; null until the step is done, or if there is none. */
  readonly remote: string | null;
  /** Milliseconds since the epoch. */
  readonly at: number;
}
