import type { Quarantined, RawSource } from '../domain/interaction/quarantine.ts';
import type { Blobs } from '../domain/ports/blobs.ts';
import type { Store } from '../domain/ports/store.ts';
import type { Write, WriteResult } from '../domain/ports/writes.ts';
import type { Clock } from '../runtime/clock.ts';
import { faultWords, isFault } from '../runtime/fault.ts';
import { LeasedLoop } from '../runtime/leased-loop.ts';
import type { Logger } from '../runtime/log.ts';
import type { Loops } from '../runtime/loop.ts';
import { programVersion } from '../runtime/program-version.ts';
import { type Intake, RefusedEventError } from './intake.ts';
import { Quarantine } from './quarantine.ts';

/** Dependencies of the keeper. */
export interface KeeperParts {
  readonly store: Pick<Store, 'read' | 'leases'>;
  readonly intake: Pick<Intake, 'emit'> & { apply(writes: readonly Write[]): Promise<readonly WriteResult[]> };
  readonly quarantine: Pick<Quarantine, 'failedAgain'>;
  readonly blobs: Pick<Blobs, 'open'>;
  /** Returns a function that reads a source again the way the connection does, or null if no such connection exists. */
  readonly replay: (connection: string) => ((source: RawSource) => Promise<void>) | null;
  readonly version: string;
  readonly log: Logger;
  /** Registry that reports the health of background loops. */
  readonly loops?: Loops;
}

/** Creates the quarantine of this program and the keeper that retries its entries. */
export function openQuarantine(
  parts: Pick<KeeperParts, 'store' | 'intake' | 'replay' | 'log' | 'loops'> & {
    readonly blobs: Blobs;
    readonly clock: Clock;
  },
): { readonly quarantine: Quarantine; readonly keeper: QuarantineKeeper } {
  const version = programVersion();
  const quarantine = new Quarantine({ ...parts, apply: (writes) => parts.intake.apply(writes), version });
  return { quarantine, keeper: new QuarantineKeeper({ ...parts, quarantine, version }) };
}

/** Milliseconds between two searches for entries to retry. */
const pause = 10_000;
const atOnce = 20;

/**
 * Retries quarantined contacts: all of them once per program version, and those that an administrator asked for. Runs
 * on one instance.
 */
export class QuarantineKeeper {
  readonly #parts: KeeperParts;
  readonly #loop: LeasedLoop;

  constructor(parts: KeeperParts) {
    this.#parts = parts;
    const { store, log, loops } = parts;
    this.#loop = new LeasedLoop({
      name: 'schedule:quarantine',
      leases: store.leases,
      log,
      loops,
      round: async ({ stopping }) => {
        const taken = await this.tryAll(stopping);
        if (taken > 0) log.info({ taken }, 'stored contacts that were in quarantine');
        return pause;
      },
      backoff: { min: pause, max: pause },
      nudgeEndsBackoff: true,
      onTrouble: (error) => {
        log.error({ err: error }, 'could not retry the contacts in quarantine');
      },
    });
  }

  start(): void {
    this.#loop.start();
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  /** Looks for entries to retry right away. */
  nudge(): void {
    this.#loop.nudge();
  }

  /** Tries every entry that is due once. Returns how many were stored. */
  async tryAll(signal: AbortSignal): Promise<number> {
    const { store, version } = this.#parts;
    let taken = 0;
    for (;;) {
      const due = await store.read.quarantineDue(version, atOnce);
      for (const entry of due) {
        if (signal.aborted) return taken;
        if (await this.#try(entry)) taken += 1;
      }
      if (due.length < atOnce) return taken;
    }
  }

  /** Whether the entry was stored. Rejects for temporary trouble. */
  async #try(entry: Quarantined): Promise<boolean> {
    const { intake, quarantine } = this.#parts;
    try {
      await this.#takeIn(entry);
    } catch (error) {
      const reason = lastingReason(error);
      if (reason === null) throw error;
      await quarantine.failedAgain(entry, reason);
      return false;
    }
    // If the entry was refused again, its number of tries has grown, so this does not remove it.
    const [removed] = await intake.apply([{ op: 'quarantine-remove', id: entry.id, tries: entry.tries }]);
    return removed?.ok === true;
  }

  async #takeIn({ connection, event, source }: Quarantined): Promise<void> {
    const { intake, blobs, replay } = this.#parts;
    const again = source === null ? null : replay(connection);
    if (source !== null && again !== null) {
      const chunks: Uint8Array[] = [];
      for await (const chunk of await blobs.open(source.blob)) chunks.push(chunk as Uint8Array);
      return again({ facts: source.facts, bytes: Buffer.concat(chunks) });
    }
    if (event === null) throw new NotReadableError(`no configured connection ${connection} can read it`);
    return intake.emit(event);
  }
}

/** Why another attempt would fail in the same way; null for temporary trouble. */
function lastingReason(error: unknown): string | null {
  if (error instanceof RefusedEventError || error instanceof NotReadableError) return error.message;
  return isFault(error) ? faultWords(error) : null;
}

/** No configured connection can read the source. */
class NotReadableError extends Error {}
