import { leadKey } from '../../../domain/follow-up/follow-up.ts';
import type { Interaction } from '../../../domain/interaction/interaction.ts';
import { fingerprint } from '../../shared/fingerprint.ts';

/** `ORIGINATOR_ID` of everything that we put into a portal. */
export const originator = 'PATCHBAY';

/**
 * `ORIGIN_ID` of the cards of an unknown party: the same for all its contacts, so that they become one card. A hash,
 * since the field is short and shown to nobody. Null if the party can't be recognised.
 */
export function partyOrigin(of: Pick<Interaction, 'party'>): string | null {
  const key = leadKey(of);
  return key === null ? null : `party:${fingerprint(key, 32)}`;
}
