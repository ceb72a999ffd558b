import type { Interaction } from '../interaction/interaction.ts';
import type { BlobId } from '../ports/blobs.ts';
import { writtenParty } from './reduce-written.ts';
import type { WrittenContact } from './written-contact.ts';

/** The blobs that a contact's files and its body lie in. */
export function blobsOf({ attachments, body }: Pick<WrittenContact, 'attachments' | 'body'>): readonly BlobId[] {
  return [...attachments.map(({ blob }) => blob), ...(body == null ? [] : [body.blob])];
}

/** The interaction that has a contact's key, where the key still tells that they are the same. */
export function sameContact(
  keyed: Interaction | null,
  { keyLife, at }: Pick<WrittenContact, 'keyLife' | 'at'>,
): Interaction | null {
  if (keyed === null || keyLife === undefined) return keyed;
  return at - Date.parse(keyed.startedAt) < keyLife ? keyed : null;
}

/** What a contact is looked up by: an internal one by nothing. */
export function partyOf(contact: WrittenContact, country: string) {
  const party = writtenParty(contact, country);
  return contact.direction === 'internal' ? { ...party, phone: null, email: null, account: null } : party;
}
