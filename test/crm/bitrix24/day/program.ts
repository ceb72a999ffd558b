import { bitrix24 } from '../../../../src/crm/bitrix24/core.ts';
import { Cores } from '../../../../src/crm/cores.ts';
import { Attempts } from '../../../../src/delivery/attempts.ts';
import { configuredDestinations } from '../../../../src/delivery/configured.ts';
import { Sieve } from '../../../../src/delivery/sieve.ts';
import type { Owed } from '../../../../src/domain/delivery/delivery.ts';
import type { HookAnswer, HookRequest } from '../../../../src/domain/ports/hooks.ts';
import type { Store } from '../../../../src/domain/ports/store.ts';
import type { Write, WriteResult } from '../../../../src/domain/ports/writes.ts';
import type { Intake } from '../../../../src/intake/intake.ts';
import type { Clock } from '../../../../src/runtime/clock.ts';
import { silentLogger } from '../../../../src/runtime/log.ts';
import type { FileBlobs } from '../../../../src/store/blobs/file-blobs.ts';
import type { LedgerLog } from './ledger-log.ts';
import { core, staff } from './people.ts';

/** A death of the program at a write to the ledger or of a delivery's outcome, so many of them after its start. */
export interface Kill {
  readonly afterWrites: number;
  readonly op: 'ledger' | 'delivered';
  /** Whether that write is committed. */
  readonly isWritten: boolean;
}

/** What outlives a program, and what it is started with. */
export interface ProgramParts {
  readonly config: { readonly kind: string };
  readonly store: Store;
  readonly intake: Intake;
  readonly blobs: FileBlobs;
  readonly clock: Clock;
  readonly publicUrl: string;
  readonly log: LedgerLog;
  /** When this program dies; null: never. */
  readonly nextKill: () => Kill | null;
}

/** The program was killed. */
class Killed extends Error {}

/** The portal's core, which waits for an answer in real time, but less than any setting allows. */
const impatient: typeof bitrix24 = {
  ...bitrix24,
  create: (config, context) => bitrix24.create({ ...config, timeout: 0.25 }, context),
};

const vaultKey = Buffer.alloc(32, 7);
/** How long an attempt takes at most, in real time: requests with files would wait a minute for their answer. */
const timeout = 8000;
/** How long a claim lasts on the clock of the day. */
const life = 300_000;

/**
 * One life of the program: the core, and the attempts of the delivery's scheduler. Only the timers of the scheduler's loop are
 * replaced, since the clock stands still while attempts run. After its death nothing that it writes arrives.
 */
export class Program {
  readonly #parts: ProgramParts;
  readonly #cores: Cores;
  readonly #attempts: Attempts;
  readonly #sieve: Sieve;
  readonly #stopping = new AbortController();
  readonly #kill: Kill | null;
  #writes = 0;
  isDead = false;

  constructor(parts: ProgramParts) {
    this.#parts = parts;
    this.#kill = parts.nextKill();
    const { store, clock, blobs, config, publicUrl } = parts;
    const apply = (writes: readonly Write[]) => this.#apply(writes);
    this.#cores = new Cores({
      settings: { [core]: config },
      kinds: { bitrix24: impatient as never },
      read: store.read,
      leases: store.leases,
      apply,
      blobs,
      vaultKey: () => vaultKey,
      clock,
      log: silentLogger,
      staff: () => staff,
      publicUrl,
      signal: this.#stopping.signal,
    });
    const [destination] = configuredDestinations({ [core]: config }, this.#cores.destinations);
    if (destination === undefined) throw new Error('no destination');
    const options = {
      read: store.read,
      claim: (claim: Parameters<Store['claimOwed']>[0]) => store.claimOwed(claim),
      release: (ids: readonly string[]) => store.releaseOwed(ids),
      apply,
      clock,
      log: silentLogger,
      destinations: [],
    };
    this.#attempts = new Attempts({ ...destination, timeout }, options);
    this.#sieve = new Sieve(destination, options);
  }

  /** Makes the attempts that are due now, several at a time, until none is left or the program dies. */
  async deliverDue(): Promise<void> {
    const running = new Set<Promise<void>>();
    while (!this.isDead) {
      for (const lane of ['urgent', 'usual'] as const) {
        for (const owed of await this.#claim(lane)) {
          const attempt = this.#attempts.carryOut(owed, lane).finally(() => running.delete(attempt));
          running.add(attempt);
        }
      }
      if (running.size === 0) return;
      await Promise.race(running);
    }
    await this.end();
  }

  async #claim(lane: 'urgent' | 'usual'): Promise<readonly Owed[]> {
    const room = this.#attempts.room(lane);
    if (room <= 0) return [];
    const which = lane === 'urgent' ? { urgent: true } : {};
    const claim = { destination: core, now: this.#parts.clock.now(), room, held: this.#attempts.size, life };
    const rows = await this.#parts.store.claimOwed({ ...claim, ...which });
    return this.#sieve.sift(rows.filter((owed) => !this.#attempts.holds(owed)).slice(0, room));
  }

  /** Answers what the portal posts to us. */
  async receive(request: HookRequest): Promise<HookAnswer | null> {
    return (await this.#cores.hookReceiver(core)?.receive(request)) ?? null;
  }

  /** Resolves when nothing of it is left running. */
  async end(): Promise<void> {
    this.#stopping.abort();
    await this.#attempts.end(0);
  }

  async #apply(writes: readonly Write[]): Promise<readonly WriteResult[]> {
    if (this.isDead) throw new Killed();
    const dies = writes.some((write) => this.#isFatal(write));
    if (dies) this.isDead = true;
    if (dies && this.#kill?.isWritten !== true) throw new Killed();
    const results = await this.#parts.intake.apply(writes);
    for (const [index, write] of writes.entries())
      if (write.op === 'ledger' && results[index]?.ok === true) this.#parts.log.note(write);
    if (dies) throw new Killed();
    return results;
  }

  #isFatal({ op }: Write): boolean {
    if (this.#kill === null || (op !== 'ledger' && op !== 'delivered')) return false;
    this.#writes += 1;
    return this.#writes > this.#kill.afterWrites && op === this.#kill.op;
  }
}
