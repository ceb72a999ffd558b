import type { Interaction } from '../../src/domain/interaction/interaction.ts';

/**
 * Whose a live call is now that it has left the viewer's own telephones without a word: names with a comma between two, or
 * extensions of nobody's. Null while it rings or talks at the viewer's, never did, or is at nobody's now.
 */
export function elsewhere({ endedAt, legs }: Interaction, viewer: string | null): string | null {
  if (endedAt !== null || viewer === null) return null;
  const mine = legs.filter((leg) => leg.manager?.id === viewer);
  if (mine.length === 0 || mine.some((leg) => leg.endedAt === null || leg.talkedAt !== null)) return null;
  const others = legs.filter((leg) => leg.endedAt === null && leg.kind !== 'queue' && leg.kind !== 'ivr');
  const talking = others.filter((leg) => leg.talkedAt !== null);
  const names = (talking.length > 0 ? talking : others).map((leg) => leg.manager?.name ?? leg.extension ?? leg.phone);
  return [...new Set(names)].filter((name) => name !== null).join(', ') || null;
}
