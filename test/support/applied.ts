import type { Interaction } from '../../src/domain/interaction/interaction.ts';
import type { Store } from '../../src/domain/ports/store.ts';
import type { Write } from '../../src/domain/ports/writes.ts';

/** Applies writes to a store and returns the interactions that they changed. A refused write fails the test. */
export async function applied(store: Store, writes: readonly Write[]): Promise<readonly Interaction[]> {
  const results = await store.apply(writes);
  return results.flatMap((result) => {
    if (!result.ok) throw new Error(`${result.code}: ${result.message}`);
    return result.changes.map((change) => change.interaction);
  });
}
