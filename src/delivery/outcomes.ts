import type { Write, WriteResult } from '../domain/ports/writes.ts';

interface Waiting {
  readonly write: Write;
  resolve(result: WriteResult | undefined): void;
  reject(error: unknown): void;
}

/** Writes the outcomes of attempts in batches, because a batch costs little more than a single write. */
export class Outcomes {
  readonly #apply: (writes: readonly Write[]) => Promise<readonly WriteResult[]>;
  #waiting: Waiting[] = [];

  constructor(apply: (writes: readonly Write[]) => Promise<readonly WriteResult[]>) {
    this.#apply = apply;
  }

  /** Resolves when the write is durable. Rejects if nothing was written. */
  write(write: Write): Promise<WriteResult | undefined> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.push({ write, resolve, reject }) === 1) setImmediate(() => void this.#flush());
    });
  }

  async #flush(): Promise<void> {
    const batch = this.#waiting;
    this.#waiting = [];
    try {
      const results = await this.#apply(batch.map(({ write }) => write));
      for (const [i, { resolve }] of batch.entries()) resolve(results[i]);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}
