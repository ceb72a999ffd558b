import { backoffDelay } from './backoff.ts';
import type { Logger } from './log.ts';
import { sleep } from './sleep.ts';

/** Repeats `work` with growing delays of 100 ms to 5 s until it succeeds or the signal aborts. Never rejects. */
export async function retryUntilDone(
  work: () => Promise<void>,
  { signal, log }: { readonly signal: AbortSignal; readonly log: Logger },
): Promise<void> {
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    try {
      await work();
      return;
    } catch (error) {
      log.warn({ err: error }, 'an operation failed; it will be retried');
      await sleep(backoffDelay(attempt, { min: 100, max: 5000 }), signal);
    }
  }
}
