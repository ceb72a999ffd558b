import type { Party } from '../interaction/interaction.ts';
import type { WrittenContact } from './written-contact.ts';

/** The address that an inbound letter proves to work, because a human wrote from it; or null. */
export function addressShownAlive(
  { channel, direction, automatic }: WrittenContact,
  { email }: Pick<Party, 'email'>,
): string | null {
  return channel === 'email' && direction === 'inbound' && automatic === null ? email : null;
}
