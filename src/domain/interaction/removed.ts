import { type InteractionId, timeOfId } from '../base/ids.ts';
import { type Refusal, refuse } from '../ports/refusal.ts';
import type { WrittenContact } from '../written/written-contact.ts';

/*
 * Keys outlive their interactions. A key without an interaction means that it was removed, and new input under the key is ignored: a
 * mailbox that is scanned again does not bring anything back.
 */

/** Whether a contact has been removed: `id` is what its key named. An expired key passes to the new contact. */
export function isRemoved(id: InteractionId | null, { keyLife, at }: Pick<WrittenContact, 'keyLife' | 'at'>): boolean {
  return id !== null && (keyLife === undefined || at - timeOfId(id) < keyLife);
}

/** The request under this key was carried out so long ago that nothing of it is kept. */
export function removedKey(): Refusal {
  return refuse(
    'conflict',
    'this key was used for something that has been removed since; take a new key for a new one',
  );
}
