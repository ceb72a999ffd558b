import type { Owed } from '../domain/delivery/delivery.ts';

/** Rows of what is owed that were claimed and are not begun yet: asking the store for each one costs more than delivering it. */
export class ReadAhead {
  readonly #keep: number;
  #rows: { readonly owed: Owed; readonly until: number }[] = [];

  /** `keep`: milliseconds after which a row is begun no more, so that its claim outlives the attempt. */
  constructor(keep: number) {
    this.#keep = keep;
  }

  /** Takes rows in, the oldest first. */
  put(rows: readonly Owed[]): void {
    const until = performance.now() + this.#keep;
    this.#rows.push(...rows.map((owed) => ({ owed, until })));
  }

  /** The next row, or undefined where none is left whose claim lasts long enough. */
  next(): Owed | undefined {
    const [first] = this.#rows;
    if (first === undefined || first.until <= performance.now()) return undefined;
    this.#rows.shift();
    return first.owed;
  }

  /** Takes out all that are left and answers their ids. */
  clear(): readonly string[] {
    const ids = this.#rows.map(({ owed }) => owed.id);
    this.#rows = [];
    return ids;
  }
}
