import { type Store, StoreUnavailableError } from '../domain/ports/store.ts';
import type { Write, WriteResult } from '../domain/ports/writes.ts';
import type { Clock } from '../runtime/clock.ts';

/** One of the conditions that `/health/ready` reports. */
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  /** Explanation without secrets or personal data, or null. */
  readonly reason: string | null;
}

/** A write that changes nothing that anybody reads. */
const probe: Write = { op: 'cursor', connection: 'health', name: 'ready', value: 'ok' };

/** The store to check. */
export interface CheckedStore {
  readonly apply: (writes: readonly Write[]) => Promise<readonly WriteResult[]>;
  readonly rejected: () => number;
  /** Health of the store's file, if known. */
  readonly health?: Store['health'];
}

/**
 * A check that really writes, because a full disk can still be read. However often it is called, it writes at most
 * once per `pause` milliseconds. A write that takes longer than `patience` counts as failed. The small test write may
 * still find room where a call or a form does not, so any rejected write makes the check fail for `memory`
 * milliseconds.
 */
export function storeCheck(
  { apply, rejected, health }: CheckedStore,
  clock: Clock,
  { pause = 5000, patience = 3000, memory = 10_000 }: Partial<Record<'pause' | 'patience' | 'memory', number>> = {},
): () => Promise<Check> {
  let last: { readonly at: number; readonly check: Promise<Check> } | null = null;
  let seen = 0;
  let rejectedAt: number | null = null;
  const othersRejected = () => {
    const now = rejected();
    if (now > seen) rejectedAt = clock.now();
    seen = now;
    return rejectedAt !== null && clock.now() - rejectedAt < memory;
  };
  const look = async (): Promise<Check> => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<Check>((resolve) => {
      timer = setTimeout(() => resolve(failed(`a write took longer than ${patience} ms`)), patience);
    });
    const written = apply([probe]).then(
      ([result]) => {
        if (result?.ok !== true) return failed('a write was refused');
        return othersRejected() ? failed(cause('some writes are rejected')) : { name: 'store', ok: true, reason: null };
      },
      (error: unknown) => failed(publicReason(error)),
    );
    return Promise.race([written, late]).finally(() => clearTimeout(timer));
  };
  return async () => {
    const known = health?.();
    if (known?.state === 'damaged') return failed(known.reason ?? 'the database is damaged');
    if (last === null || clock.now() - last.at >= pause) last = { at: clock.now(), check: look() };
    const check = await last.check;
    return check.ok && known?.state === 'checking' ? { ...check, reason: checking } : check;
  };
}

const checking = 'its file is being checked for damage';

function cause(what: string): string {
  return `${what}; check whether the disk is full, and see the log`;
}

/** Passes on only what a store says about its file. Messages of errors may contain paths. */
function publicReason(error: unknown): string {
  const known = error instanceof StoreUnavailableError ? error.publicReason : null;
  return known === null ? cause('the store cannot write') : `the store cannot write: ${known}`;
}

function failed(reason: string): Check {
  return { name: 'store', ok: false, reason };
}
