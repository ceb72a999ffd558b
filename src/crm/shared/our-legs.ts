import { isHumanLeg } from '../../domain/call/human-leg.ts';
import type { Interaction, Leg } from '../../domain/interaction/interaction.ts';

/**
 * Whether a leg is a telephone of an employee: no menu, queue, voicemail, or stranger who was called in. Of a call
 * between colleagues, the one who is called is the other side.
 */
export function isOurs(call: Interaction, leg: Leg): boolean {
  if (!isHumanLeg(leg) || (leg.extension === null && leg.manager === null)) return false;
  return call.direction !== 'internal' || bareExtension(leg.extension) !== call.party.raw;
}

/** An extension without the name of its PBX. */
export function bareExtension(extension: string | null): string | null {
  return extension === null ? null : extension.slice(extension.lastIndexOf('/') + 1);
}
