import { type Store, StoreUnavailableError } from '../domain/ports/store.ts';
import type { Write, WriteResult } from '../domain/ports/writes.ts';
import type { Clock } from '../runtime/clock.ts';

/** Something that must be well for the program to be of use, for `/health/ready`. */
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  /** In words, without secrets or personal data; null when there is nothing to tell. */
  readonly reason: string | null;
}

/** A write that changes nothing anybody reads. */
const probe: Write = { op: 'cursor', connection: 'health', name: 'ready', value: 'ok' };

/** Where the check writes, and how many writes of everybody were rejected so far because the store could not commit them. */
export interface CheckedStore {
  readonly apply: (writes: readonly Write[]) => Promise<readonly WriteResult[]>;
  readonly rejected: () => number;
  /** What is known of its file. */
  readonly health?: Store['health'];
}

/**
 * A check that really writes, because a full disk still reads. Asked by anybody as often as he likes, it writes at the
 * most once in `pause` milliseconds; a write that takes longer than `patience` is a store that does not work. The little
 * that it writes may still find room where a call or a form finds none: a rejected write of anybody counts for `memory` milliseconds.
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
      timer = setTimeout(() => resolve(failed(`a write takes longer than ${patience} ms`)), patience);
    });
    const written = apply([probe]).then(
      ([result]) => {
        if (result?.ok !== true) return failed('a write was refused');
        return othersRejected() ? failed(cause('some writes are rejected')) : { name: 'store', ok: true, reason: null };
      },
      (error: unknown) => failed(plainly(error)),
    );
    return Promise.race([written, late]).finally(() => clearTimeout(timer));
  };
  return async () => {
    const known = health?.();
    if (known?.state === 'damaged') return failed(known.reason ?? 'the database is damaged');
    if (last === null || clock.now() - last.at >= pause) last = { at: clock.now(), check: look() };
    const check = await last.check;
    return check.ok && known?.state === 'checking' ? { ...check, reason: looking } : check;
  };
}

const looking = 'its file is being looked through for damage';

function cause(what: string): string {
  return `${what}; is the disk full? See the log`;
}

/** Only what a store says of its file is passed on: it holds no path and nothing of anybody. */
function plainly(error: unknown): string {
  const words = error instanceof StoreUnavailableError ? error.message : '';
  const known = /the disk [^;,]*|the (database|file) (is|can not)[^;]*/.exec(words)?.[0];
  return known === undefined ? cause('nothing can be written') : `nothing can be written: ${known}`;
}

function failed(reason: string): Check {
  return { name: 'store', ok: false, reason };
}
