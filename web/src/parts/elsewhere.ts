import type { Interaction } from '../../../src/domain/interaction/interaction.ts';

/**
 * Who has a live call that rang at the viewer and went on without being answered there: names, or extensions that belong to
 * nobody, joined by commas. Null while it is at the viewer's telephones, if it never was, and if nobody has it now.
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
