/** How often what has run out is looked for, in milliseconds: a look reads the whole table, and floods write to it. */
const often = 60_000;

/** When it is time again to remove what has run out. */
export class Sweeps {
  #next = Number.NEGATIVE_INFINITY;

  /** Whether it is; then not again for a minute. */
  due(now: number): boolean {
    if (now < this.#next) return false;
    this.#next = now + often;
    return true;
  }
}
