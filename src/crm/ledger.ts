import type { LedgerStep, LedgerSubject, StepState } from '../domain/delivery/ledger.ts';
import type { Store } from '../domain/ports/store.ts';
import type { Write, WriteResult } from '../domain/ports/writes.ts';
import type { Clock } from '../runtime/clock.ts';
import { ServiceError } from '../runtime/http/service-error.ts';

/** What the other side reports about a step with an unknown outcome. */
export type Settled = { readonly done: true; readonly remote: string | null } | { readonly done: false };

/** How to carry out a remote step. */
export interface RemoteStep {
  /** The name of the step, the same for each attempt and unique within the subject. */
  readonly name: string;
  /**
   * Carries out the step and returns the remote id of the result. Rejects with a ServiceError. Unless the error says
   * that nothing was done, the step counts as uncertain.
   */
  call(): Promise<string | null>;
  /** Asks the other side whether a step begun earlier was carried out. Rejects if that cannot be determined now. */
  settle(step: LedgerStep): Promise<Settled>;
}

/** The remote steps of one subject at one core. Each is recorded before and after its call. */
export interface Ledger {
  /** All recorded steps, the earliest first. */
  steps(): Promise<readonly LedgerStep[]>;
  /** The recorded state of a step, or null if it was never begun. */
  find(name: string): Promise<LedgerStep | null>;
  /**
   * Makes sure that a step is carried out exactly once, and returns the remote id of its result. A finished step is
   * not repeated; for an uncertain one, the other side is asked.
   */
  once(step: RemoteStep): Promise<string | null>;
  /**
   * Closes the steps with an unknown outcome that a complete delivery has left behind, because later ones replaced
   * them. `settle` says what became of each; one that was not carried out is removed.
   */
  settleOpen(settle: (step: LedgerStep) => Promise<Settled>): Promise<void>;
}

/** Dependencies of a ledger. */
export interface LedgerParts {
  readonly read: Pick<Store['read'], 'ledger'>;
  readonly apply: (writes: readonly Write[]) => Promise<readonly WriteResult[]>;
  readonly clock: Clock;
  /** Steps that are done but not recorded as such yet; shared by all ledgers of a core. */
  readonly unrecorded: Unrecorded;
}

/** Writes that nobody waited for, by subject. They never reject. */
export type Unrecorded = Map<string, Promise<void>>;

/** Opens the ledger of one subject for one attempt. The store is read when the first step is needed. */
export function openLedger(of: LedgerSubject, parts: LedgerParts): Ledger {
  const { read, apply, clock, unrecorded } = parts;
  const key = `${of.kind}:${of.subject}`;
  let known: Promise<Map<string, LedgerStep>> | null = null;
  /** Why a step that is done could not be recorded as such. */
  let lost: unknown = null;

  async function readAll(): Promise<Map<string, LedgerStep>> {
    await unrecorded.get(key);
    return new Map((await read.ledger(of)).map((step) => [step.step, step]));
  }

  function all(): Promise<Map<string, LedgerStep>> {
    known ??= readAll();
    return known;
  }

  async function find(name: string): Promise<LedgerStep | null> {
    return (await all()).get(name) ?? null;
  }

  async function write(name: string, state: StepState | null, remote: string | null): Promise<void> {
    const at = clock.now();
    const [result] = await apply([{ op: 'ledger', of, step: name, state, remote, at }]);
    if (result?.ok !== true) throw new Error(`could not record a step in the ledger: ${result?.code ?? 'no answer'}`);
    if (state === null) (await known)?.delete(name);
    else (await known)?.set(name, { step: name, state, remote, at });
  }

  /**
   * Records that a step is done, and does not wait for the commit. The store keeps the order of writes, so everything
   * written later is committed after it. If it is lost, the step stays intended, and the other side is asked.
   */
  async function recordDone(name: string, remote: string | null): Promise<void> {
    const at = clock.now();
    (await all()).set(name, { step: name, state: 'done', remote, at });
    const recorded = write(name, 'done', remote)
      .catch((error: unknown) => {
        lost = error;
      })
      .finally(() => {
        if (unrecorded.get(key) === recorded) unrecorded.delete(key);
      });
    unrecorded.set(key, recorded);
  }

  return {
    steps: async () => [...(await all()).values()].toSorted((a, b) => a.at - b.at),
    find,
    async once({ name, call, settle }) {
      if (lost !== null) throw lost;
      const before = await find(name);
      if (before?.state === 'done') return before.remote;
      const settled = before === null ? ({ done: false } as const) : await settle(before);
      let remote: string | null;
      if (settled.done) remote = settled.remote;
      else {
        await write(name, 'intended', null);
        try {
          remote = await call();
        } catch (error) {
          // If this fails as well, the step stays intended, which means the same.
          await write(name, isNotDone(error) ? null : 'uncertain', null).catch(() => undefined);
          throw error;
        }
      }
      await recordDone(name, remote);
      return remote;
    },
    async settleOpen(settle) {
      const own = await all();
      if ([...own.values()].every(({ state }) => state === 'done')) return;
      // Another ledger of the same subject may have closed some meanwhile.
      for (const step of (await readAll()).values()) {
        if (step.state === 'done' || own.get(step.step)?.state === 'done') continue;
        const settled = await settle(step);
        await write(step.step, settled.done ? 'done' : null, settled.done ? settled.remote : null);
      }
    },
  };
}

/** Whether the other side certainly did nothing. */
function isNotDone(error: unknown): boolean {
  return error instanceof ServiceError && error.trouble !== 'unknown';
}
