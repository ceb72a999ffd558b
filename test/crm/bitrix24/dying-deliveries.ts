import { latestOf } from '../../../src/delivery/latest.ts';
import type { DeliveryOutcome, Owed } from '../../../src/domain/delivery/delivery.ts';
import type { Destination } from '../../../src/domain/delivery/destination.ts';
import type { Store } from '../../../src/domain/ports/store.ts';
import type { Write, WriteResult } from '../../../src/domain/ports/writes.ts';
import type { Intake } from '../../../src/intake/intake.ts';

/** The program ended before it could write to the ledger. */
class Killed extends Error {}

type Apply = (writes: readonly Write[]) => Promise<readonly WriteResult[]>;

/** Parts of {@link DyingDeliveries}. */
export interface DeliveryParts {
  readonly name: string;
  readonly store: Store;
  readonly intake: Intake;
  /** The test's time. It passes while deliveries wait. */
  readonly time: { at: number };
  /** Starts the program and returns its destination. */
  readonly start: (apply: Apply) => Destination;
}

/** Delivers what is owed to one destination, each attempt by a program that was just started and may be killed. */
export class DyingDeliveries {
  readonly #parts: DeliveryParts;
  /** Writes to the ledger before the program is killed. */
  killAfter = Number.POSITIVE_INFINITY;
  kills = 0;
  #isDead = false;

  constructor(parts: DeliveryParts) {
    this.#parts = parts;
  }

  /** Delivers all that is owed. */
  async deliver(maxAttempts = 60): Promise<void> {
    const { name, store, time } = this.#parts;
    for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
      const [owed] = await store.read.owedDue(name, time.at, 1);
      if (owed !== undefined) {
        await this.#attempt(owed);
        continue;
      }
      const next = await store.read.owedNext(name);
      if (next === null) return;
      time.at = Math.max(time.at, next);
    }
    throw new Error('there is still something owed');
  }

  async #attempt(owed: Owed): Promise<void> {
    const { name, store, intake, time, start } = this.#parts;
    const latest = await latestOf(owed, store.read);
    this.#isDead = false;
    const result =
      latest === null
        ? ({ kind: 'done', link: null } as const)
        : await start((writes) => this.#write(writes)).deliver(latest.subject, AbortSignal.timeout(20_000));
    // A program that died cannot write how its attempt ended.
    if (this.#isDead) return;
    const outcome: DeliveryOutcome =
      result.kind === 'retry'
        ? { kind: 'retry', at: time.at + Math.max(result.after ?? 0, 2000), reason: result.reason }
        : result;
    const { kind, subject } = owed;
    const revision = latest?.revision ?? owed.revision;
    const write: Write = { op: 'delivered', destination: name, kind, subject, revision, outcome, at: time.at };
    for (const written of await intake.apply([write])) if (!written.ok) throw new Error(JSON.stringify(written));
  }

  #write(writes: readonly Write[]): Promise<readonly WriteResult[]> {
    if (writes.some(({ op }) => op === 'ledger')) {
      this.killAfter -= 1;
      if (this.killAfter < 0 && !this.#isDead) {
        this.killAfter = Number.POSITIVE_INFINITY;
        this.kills += 1;
        this.#isDead = true;
      }
      if (this.#isDead) return Promise.reject(new Killed());
    }
    return this.#parts.intake.apply(writes);
  }
}
