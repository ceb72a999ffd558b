import type { Bucket } from '../../runtime/leaky-bucket.ts';

/** How soon a request looks for a place again if no other has landed meanwhile, in milliseconds. */
const pause = 1000;

/** A limit of requests that are under way at once, for a {@link Budget}. */
export class Places implements Bucket {
  readonly #size: number;
  #taken = 0;

  constructor(size: number) {
    this.#size = size;
  }

  /** At least one request always fits. */
  async take(share: number): Promise<number> {
    if (this.#taken >= Math.max(1, Math.round(this.#size * share))) return pause;
    this.#taken += 1;
    return 0;
  }

  landed(): void {
    this.#taken -= 1;
  }

  /** The other side decides about its places itself; the next request may find one. */
  async fill(): Promise<void> {}
}
