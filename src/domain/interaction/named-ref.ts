import type { Named } from './interaction.ts';

/** A reference to a manager or client by id and name, as other programs see it. */
export function namedRef(one: Named | null): Named | null {
  return one === null ? null : { id: one.id, name: one.name };
}
