import { cursorsOf } from '../domain/delivery/destination.ts';
import type { Store } from '../domain/ports/store.ts';
import type { Write, WriteResult } from '../domain/ports/writes.ts';
import type { Clock } from '../runtime/clock.ts';
import { type Bucket, type BucketLimit, LeakyBucket, partOf } from '../runtime/leaky-bucket.ts';

/** Dependencies of {@link KeptBuckets}. */
export interface KeptBucketsParts {
  readonly read: Pick<Store['read'], 'cursor'>;
  readonly apply: (writes: readonly Write[]) => Promise<readonly WriteResult[]>;
  readonly clock: Clock;
}

const cursorName = 'bucket';

/**
 * The cores' buckets within this process. Their levels are kept through a clean restart, so that a call that rings right
 * after it does not wait for a bucket that is known not to be full. After a crash nothing is known, and they begin full.
 * Several instances without Redis would overwrite each other's level, so that theirs always begin full.
 */
export class KeptBuckets {
  readonly #parts: KeptBucketsParts;
  readonly #kept = new Map<string, LeakyBucket>();

  constructor(parts: KeptBucketsParts) {
    this.#parts = parts;
  }

  /** Opens the bucket of a core. */
  open(core: string, limit: BucketLimit, instances: number): Bucket {
    const bucket = new LeakyBucket(partOf(limit, instances));
    if (instances === 1) this.#kept.set(core, bucket);
    return bucket;
  }

  /** Takes up the levels of the last clean stop. Call it before any request is made. */
  async start(): Promise<void> {
    for (const [core, bucket] of this.#kept) {
      const text = await this.#parts.read.cursor(cursorsOf(core), cursorName);
      const [level, at] = (text ?? '').split('@').map(Number);
      const passed = this.#parts.clock.now() - (at ?? Number.NaN);
      if (level === undefined || !Number.isFinite(level) || !(passed >= 0)) continue;
      // It counts once: after a crash, this level would be that of an earlier run.
      await this.#put(core, '');
      bucket.restore(level, passed);
    }
  }

  /** Keeps the levels. Call it after the last request. */
  async stop(): Promise<void> {
    for (const [core, bucket] of this.#kept) await this.#put(core, `${bucket.level}@${this.#parts.clock.now()}`);
  }

  async #put(core: string, value: string): Promise<void> {
    const [result] = await this.#parts.apply([{ op: 'cursor', connection: cursorsOf(core), name: cursorName, value }]);
    if (result?.ok !== true) throw new Error(`could not store a bucket's level: ${result?.code ?? 'no answer'}`);
  }
}
