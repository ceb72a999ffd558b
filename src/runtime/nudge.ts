/** A pause that others can end early. */
export class Nudge {
  #nudged = false;
  #wake: (() => void) | null = null;

  /** Ends the current wait, or makes the next one return at once. */
  nudge(): void {
    this.#nudged = true;
    this.#wake?.();
  }

  /** Forgets earlier nudges. Call it before checking what they announced. */
  reset(): void {
    this.#nudged = false;
  }

  /** Waits `ms` milliseconds, or less if nudged since {@link reset}. */
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
