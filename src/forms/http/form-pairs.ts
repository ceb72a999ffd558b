/** Names with their values, in the order they came; a class, since a JSON body may be a list too. */
export class FormPairs {
  readonly pairs: readonly (readonly [string, string])[];

  constructor(pairs: readonly (readonly [string, string])[]) {
    this.pairs = pairs;
  }
}
