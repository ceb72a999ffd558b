/** A pause that others can end: it lasts until its time is over or there is news. */
export class Nudge {
  #nudged = false;
  #wake: (() => void) | null = null;

  /** Ends the present wait, or lets the next one end at once. */
  nudge(): void {
    this.#nudged = true;
    this.#wake?.();
  }

  /** Forgets earlier nudges: their news is looked at from here on. */
  reset(): void {
    this.#nudged = false;
  }

  /** Waits `ms`, or less when nudged since {@link reset}. */
  async wait(ms: number): Promise<void> {
    if (this.#nudged) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = null;
  }
}
