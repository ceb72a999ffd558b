const hour = 3_600_000;
const maxValues = 1000;

/** Reports values once an hour each, for a limited number of values, so that they can't flood the log. */
export class HourlyLog {
  readonly #loggedAt = new Map<string, number>();
  readonly #log: (value: string) => void;

  constructor(log: (value: string) => void) {
    this.#log = log;
  }

  note(value: string): void {
    const now = performance.now();
    const before = this.#loggedAt.get(value);
    if (before !== undefined && now - before < hour) return;
    if (this.#loggedAt.size >= maxValues)
      for (const [one, at] of this.#loggedAt) if (now - at >= hour) this.#loggedAt.delete(one);
    if (this.#loggedAt.size >= maxValues) return;
    this.#loggedAt.set(value, now);
    this.#log(value);
  }
}
