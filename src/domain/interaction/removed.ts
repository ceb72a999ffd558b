import { type InteractionId, timeOfId } from '../base/ids.ts';
import { type Refusal, refuse } from '../ports/refusal.ts';
import type { WrittenContact } from '../written/written-contact.ts';

/*
 * Keys outlive their interactions. A key without an interaction means that the interaction was removed, and new input with the key
 * is ignored. Scanning a mailbox again therefore does not restore anything.
 */

/** Whether a contact has been removed. `id` is the interaction of its key. An expired key may be used by a new contact. */
export function isRemoved(id: InteractionId | null, { keyLife, at }: Pick<WrittenContact, 'keyLife' | 'at'>): boolean {
  return id !== null && (keyLife === undefined || at - timeOfId(id) < keyLife);
}

/** The refusal of a request whose key belongs to something that has been removed. */
export function removedKey(): Refusal {
  return refuse('conflict', 'this key belongs to something that has been removed: use a new key for a new request');
}
