import type { Interaction } from '../../../domain/interaction/interaction.ts';
import { parseReference, type Reference, setOfRole } from '../directory/reference.ts';
import type { Preset } from '../presets/preset.ts';
import type { Pointer } from './planned.ts';

/** The client of a contact by its reference in this base; null if it is not a client of it. */
export function clientOf(core: string, { client }: Pick<Interaction, 'client'>): Reference | null {
  return client?.id.startsWith(`${core}:`) ? parseReference(client.id.slice(core.length + 1)) : null;
}

/**
 * Who takes part in a contact, the contact person before the client. БСП takes no Контрагенты, which are clients of
 * УНФ and Бухгалтерия only.
 */
export function participantsOf(core: string, contact: Interaction, preset: Preset): readonly Pointer[] {
  const client = clientOf(core, contact);
  if (client === null) return [];
  const person = contact.contact === null ? null : parseReference(contact.contact.id);
  return [person, client].flatMap((one) => {
    const set = one === null ? null : setOfRole(preset, one.role);
    return one === null || set === null ? [] : [{ set, key: one.key }];
  });
}
