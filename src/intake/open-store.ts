import type { Store } from '../domain/ports/store.ts';
import { spawnThread } from '../runtime/thread.ts';
import { openStoreWith, type StoreOptions } from '../store/open.ts';
import { stepsUnder } from './steps/carry-out.ts';

/**
 * Opens (and creates, and migrates) the store, whose writes are carried out by the steps of intake. Rejects with what is wrong
 * with it.
 */
export function openStore(options: StoreOptions): Promise<Store> {
  return openStoreWith(options, {
    carryOut: stepsUnder(options),
    spawnWriter: (thread) => spawnThread(import.meta.url, './writer-thread', thread),
  });
}
