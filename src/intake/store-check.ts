import type { Write, WriteResult } from '../domain/writes.ts';
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

/**
 * A check that really writes, because a full disk still reads. Asked by anybody as often as he likes, it writes at the
 * most once in `pause` milliseconds; a write that takes longer than `patience` is a store that does not work.
 */
export function storeCheck(
  apply: (writes: readonly Write[]) => Promise<readonly WriteResult[]>,
  clock: Clock,
  { pause = 5000, patience = 3000 }: { readonly pause?: number; readonly patience?: number } = {},
): () => Promise<Check> {
  let last: { readonly at: number; readonly check: Promise<Check> } | null = null;
  const look = async (): Promise<Check> => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<Check>((resolve) => {
      timer = setTimeout(() => resolve(failed(`a write takes longer than ${patience} ms`)), patience);
    });
    const written = apply([probe]).then(
      ([result]) => (result?.ok === true ? { name: 'store', ok: true, reason: null } : failed('a write was refused')),
      () => failed('nothing can be written; is the disk full? See the log'),
    );
    return Promise.race([written, late]).finally(() => clearTimeout(timer));
  };
  return () => {
    if (last === null || clock.now() - last.at >= pause) last = { at: clock.now(), check: look() };
    return last.check;
  };
}

function failed(reason: string): Check {
  return { name: 'store', ok: false, reason };
}
