import { type InteractionId, timeOfId } from '../base/ids.ts';
import { type Refusal, refuse } from '../ports/refusal.ts';
import type { WrittenContact } from '../written/written-contact.ts';

/*
 * Keys outlive what they named: one whose interaction is not there any more tells that it was removed, and what comes
 * under it again is passed over. A mailbox that is read anew brings nothing back.
 */

/** Whether a contact is what was removed: `id` is what its key named; a key that has run out has passed to the new one. */
export function isRemoved(id: InteractionId | null, { keyLife, at }: Pick<WrittenContact, 'keyLife' | 'at'>): boolean {
  return id !== null && (keyLife === undefined || at - timeOfId(id) < keyLife);
}

/** What was asked for under a key has been done, so long ago that nothing of it is kept. */
export function removedKey(): Refusal {
  return refuse(
    'conflict',
    'this key was used for something that has been removed since; take a new key for a new one',
  );
}
