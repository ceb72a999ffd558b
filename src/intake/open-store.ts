import type { Store } from '../domain/ports/store.ts';
import { spawnThread } from '../runtime/thread.ts';
import { openStoreWith, type StoreOptions } from '../store/open.ts';
import { stepsUnder } from './steps/carry-out.ts';

/**
 * Opens the store with the write steps of intake, creating and migrating it as needed. Rejects if that is impossible.
 */
export function openStore(options: StoreOptions): Promise<Store> {
  return openStoreWith(options, {
    carryOut: stepsUnder(options),
    spawnWriter: (thread) => spawnThread(import.meta.url, './writer-thread', thread),
  });
}
