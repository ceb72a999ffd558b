import type { RecordingRule } from '../domain/call/recording-retention.ts';
import { keptFrom, type Retention } from '../domain/interaction/retention.ts';
import type { Blobs } from '../domain/ports/blobs.ts';
import type { Store } from '../domain/ports/store.ts';
import type { Clock } from '../runtime/clock.ts';
import { LeasedLoop } from '../runtime/leased-loop.ts';
import type { Logger } from '../runtime/log.ts';
import type { Loops } from '../runtime/loop.ts';
import { eraseExpired } from './sound-retention.ts';

/** Dependencies and settings of the {@link Housekeeper}. */
export interface HousekeeperOptions {
  readonly store: Pick<Store, 'apply' | 'housekeep' | 'leases' | 'read'>;
  readonly blobs: Pick<Blobs, 'remove'>;
  /** Null keeps everything for ever. */
  readonly retention: Retention | null;
  /** How long recordings are kept. */
  readonly recordings: readonly RecordingRule[];
  /** How many months the audit log is kept. */
  readonly auditMonths: () => number;
  readonly clock: Clock;
  readonly log: Logger;
  /** Registry that reports the health of background loops. */
  readonly loops?: Loops;
}

/** Milliseconds between two rounds, and before a retry after a failed one. */
const pause = { done: 3_600_000, failed: 60_000 };
/** A blob is kept at least this many milliseconds, because the contact that refers to it may not be stored yet. */
const settled = 86_400_000;
const pageSize = 200;
/** Audit entries deleted per transaction. */
const auditBatch = 500;

/**
 * Does regular maintenance on one instance: creates PostgreSQL's monthly partitions, removes what exceeds its
 * retention, and deletes blobs that nothing refers to.
 */
export class Housekeeper {
  readonly #options: HousekeeperOptions;
  readonly #loop: LeasedLoop;

  constructor(options: HousekeeperOptions) {
    this.#options = options;
    this.#loop = new LeasedLoop({
      name: 'schedule:housekeeping',
      leases: options.store.leases,
      log: options.log,
      loops: options.loops,
      round: async ({ stopping }) => {
        await this.#once(stopping);
        return pause.done;
      },
      backoff: { min: pause.failed, max: pause.failed },
      onTrouble: (error) => {
        options.log.error({ err: error }, 'housekeeping of the store failed; it will be retried');
      },
    });
  }

  start(): void {
    this.#loop.start();
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  async #once(signal: AbortSignal): Promise<void> {
    const { store, retention, clock, log } = this.#options;
    const now = clock.now();
    const keepFrom = retention === null ? null : keptFrom(now, retention);
    const keepDetached = retention?.keepDetached ?? false;
    const { interactions, undelivered } = await store.housekeep({ now, keepFrom, keepDetached, signal });
    if (keepFrom !== null && interactions > 0)
      log.info(
        { interactions, before: new Date(keepFrom).toISOString() },
        'removed contacts older than the retention period',
      );
    if (undelivered > 0) log.warn({ undelivered }, 'removed contacts that had not been delivered to all destinations');
    await this.#forgetAudit(now, signal);
    const erased = await eraseExpired(store, this.#options.recordings, now, signal);
    if (erased > 0) log.info({ erased }, 'erased recordings whose time was over');
    await this.#removeBlobs(now - settled, signal);
  }

  async #forgetAudit(now: number, signal: AbortSignal): Promise<void> {
    const { store, auditMonths } = this.#options;
    const before = keptFrom(now, { months: auditMonths(), keepDetached: false });
    while (!signal.aborted) {
      const { items } = await store.read.audit({ until: before, limit: 1, cursor: null });
      if (items.length === 0) return;
      await store.apply([{ op: 'forget-audit', before, limit: auditBatch }]);
    }
  }

  async #removeBlobs(before: number, signal: AbortSignal): Promise<void> {
    const { store, blobs } = this.#options;
    for (let after = ''; !signal.aborted; ) {
      const page = await store.read.looseBlobs(after, pageSize);
      const removed = [];
      for (const blob of page) if (await blobs.remove(blob, before)) removed.push(blob);
      if (removed.length > 0) await store.apply([{ op: 'blobs-removed', blobs: removed }]);
      after = page.at(-1) ?? '';
      if (page.length < pageSize) return;
    }
  }
}
