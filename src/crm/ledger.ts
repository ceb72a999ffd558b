import type { LedgerStep, LedgerSubject, StepState } from '../domain/delivery/ledger.ts';
import type { Store } from '../domain/ports/store.ts';
import type { Write, WriteResult } from '../domain/ports/writes.ts';
import type { Clock } from '../runtime/clock.ts';
import { ServiceError } from '../runtime/http/service-error.ts';

/** What the other side says of a step whose end nobody knows. */
export type Settled = { readonly done: true; readonly remote: string | null } | { readonly done: false };

/** How one remote step is carried out. */
export interface RemoteStep {
  /** Its name, the same in each attempt; unique within the subject. */
  readonly name: string;
  /** Does it; answers what the other side calls the result. Rejects with a ServiceError: unless it says that nothing was done, the step is uncertain. */
  call(): Promise<string | null>;
  /** Asks the other side whether a step that was begun earlier was done. Rejects where that can't be told now. */
  settle(step: LedgerStep): Promise<Settled>;
}

/** The remote steps of one subject at one core, each written down before its call and after it. */
export interface Ledger {
  /** A step as it is written down, or null where it was never begun. */
  find(name: string): Promise<LedgerStep | null>;
  /**
   * Sees to it that a step is done, and done once: answers what the other side calls its result. What was done before is not
   * done again; what may have been is settled by asking.
   */
  once(step: RemoteStep): Promise<string | null>;
}

/** What a ledger is kept with. */
export interface LedgerParts {
  readonly read: Pick<Store['read'], 'ledger'>;
  readonly apply: (writes: readonly Write[]) => Promise<readonly WriteResult[]>;
  readonly clock: Clock;
}

/** Opens the ledger of one subject for one attempt; the store is asked when a step is. */
export function openLedger(of: LedgerSubject, parts: LedgerParts): Ledger {
  const { read, apply, clock } = parts;
  let known: Promise<Map<string, LedgerStep>> | null = null;

  async function find(name: string): Promise<LedgerStep | null> {
    known ??= read.ledger(of).then((steps) => new Map(steps.map((step) => [step.step, step])));
    return (await known).get(name) ?? null;
  }

  async function write(name: string, state: StepState | null, remote: string | null): Promise<void> {
    const at = clock.now();
    const [result] = await apply([{ op: 'ledger', of, step: name, state, remote, at }]);
    if (result?.ok !== true) throw new Error(`a step could not be written down: ${result?.code ?? 'no answer'}`);
    if (state === null) (await known)?.delete(name);
    else (await known)?.set(name, { step: name, state, remote, at });
  }

  return {
    find,
    async once({ name, call, settle }) {
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
          // Where this can't be written down either, the step stays intended, which says the same.
          await write(name, isNotDone(error) ? null : 'uncertain', null).catch(() => undefined);
          throw error;
        }
      }
      await write(name, 'done', remote);
      return remote;
    },
  };
}

/** Whether the other side did nothing of what it was asked. */
function isNotDone(error: unknown): boolean {
  return error instanceof ServiceError && error.trouble !== 'unknown';
}
