/** A problem that the schema can't express, such as a reference to something that does not exist or an invalid date. */
export interface MeaningProblem {
  readonly path: readonly string[];
  readonly message: string;
}

/** Records a problem. */
export type Report = (path: readonly (string | number)[], message: string) => void;
