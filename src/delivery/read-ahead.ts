import type { Owed } from '../domain/delivery/delivery.ts';

/** Deliveries that are claimed but not started yet. Claiming them one by one would cost more than delivering them. */
export class ReadAhead {
  readonly #keep: number;
  #rows: { readonly owed: Owed; readonly until: number }[] = [];

  /**
   * `keep` is the number of milliseconds within which a delivery must start, so that its claim outlives the attempt.
   */
  constructor(keep: number) {
    this.#keep = keep;
  }

  /** Adds deliveries, oldest first. */
  put(rows: readonly Owed[]): void {
    const until = performance.now() + this.#keep;
    this.#rows.push(...rows.map((owed) => ({ owed, until })));
  }

  /** Returns the next delivery, or undefined if none is left whose claim lasts long enough. */
  next(): Owed | undefined {
    const [first] = this.#rows;
    if (first === undefined || first.until <= performance.now()) return undefined;
    this.#rows.shift();
    return first.owed;
  }

  /** Removes all remaining deliveries and returns their ids. */
  clear(): readonly string[] {
    const ids = this.#rows.map(({ owed }) => owed.id);
    this.#rows = [];
    return ids;
  }
}
