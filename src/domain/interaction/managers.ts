import type { Interaction } from './interaction.ts';

/** The managers of a contact: who is responsible for it, who handled it, and whose telephones it rang. */
export function managersOf({ legs, responsible, assignee, handledBy }: Interaction): ReadonlySet<string> {
  const ids = [...legs.map(({ manager }) => manager?.id), responsible?.id, assignee?.id, handledBy?.id];
  return new Set(ids.filter((id) => id !== undefined));
}
