/** Letters that programs may write to one address within a day: enough for any purpose, and an end to every loop. */
const mostADay = 3;
const day = 86_400_000;
const mostAddresses = 10_000;

/**
 * What keeps two programs from answering each other for ever where the other one does not say what it is. Counted by this
 * process alone: a restart begins anew.
 */
export class AutomaticCap {
  readonly #written = new Map<string, readonly number[]>();

  /** Whether a program may write to this address now; counts it where it may. */
  take(address: string, now: number): boolean {
    const recent = (this.#written.get(address) ?? []).filter((at) => at > now - day);
    if (recent.length >= mostADay) return false;
    // The one that was written to longest ago is forgotten first.
    this.#written.delete(address);
    this.#written.set(address, [...recent, now]);
    const [oldest] = this.#written.keys();
    if (this.#written.size > mostAddresses && oldest !== undefined) this.#written.delete(oldest);
    return true;
  }
}
