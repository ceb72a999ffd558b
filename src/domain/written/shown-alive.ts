import type { Party } from '../interaction/interaction.ts';
import type { WrittenContact } from './written-contact.ts';

/** The address that a letter shows to be alive, or null: a human wrote from it. */
export function addressShownAlive(
  { channel, direction, automatic }: WrittenContact,
  { email }: Pick<Party, 'email'>,
): string | null {
  return channel === 'email' && direction === 'inbound' && automatic === null ? email : null;
}
