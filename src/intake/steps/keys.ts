import type { EventKey, InteractionId } from '../../domain/base/ids.ts';
import type { Interaction } from '../../domain/interaction/interaction.ts';
import type { FoundKey } from '../../domain/ports/contact-tables.ts';
import type { Tables } from '../../domain/ports/tables.ts';

/** The interaction that a key refers to. If it was merged away, the one it was merged into. */
export async function interactionOf(
  { interactions }: Tables,
  { interaction: id }: FoundKey,
): Promise<Interaction | null> {
  let found = id === null ? null : await interactions.get(id);
  while (found !== null && found.mergedInto !== null) found = await interactions.get(found.mergedInto);
  return found;
}

/** The interaction of the first key that refers to one. */
export async function findFirst(tables: Tables, keys: readonly FoundKey[]): Promise<Interaction | null> {
  for (const key of keys) {
    const found = key.interaction === null ? null : await interactionOf(tables, key);
    if (found !== null) return found;
  }
  return null;
}

/** The interaction of the first of these keys that refers to one. */
export async function findByKeys(tables: Tables, names: readonly EventKey[]): Promise<Interaction | null> {
  return findFirst(tables, await tables.keys.find(names));
}

/** The id that the first known key refers to. If {@link findFirst} found nothing, that interaction has been removed. */
export function firstInteractionId(keys: readonly FoundKey[]): InteractionId | null {
  return keys.find((key) => key.interaction !== null)?.interaction ?? null;
}
