import type { Interaction } from '../interaction/interaction.ts';
import type { BlobId } from '../ports/blobs.ts';
import { writtenParty } from './reduce-written.ts';
import type { WrittenContact } from './written-contact.ts';

/** The blobs of a contact's attachments, body and embedded pictures. */
export function blobsOf({ attachments, body }: Pick<WrittenContact, 'attachments' | 'body'>): readonly BlobId[] {
  const shown = body == null ? [] : [body.blob, ...body.inline.map(({ blob }) => blob)];
  return [...attachments.map(({ blob }) => blob), ...shown];
}

/** The interaction with a contact's key, if the key has not expired. */
export function sameContact(
  keyed: Interaction | null,
  { keyLife, at }: Pick<WrittenContact, 'keyLife' | 'at'>,
): Interaction | null {
  if (keyed === null || keyLife === undefined) return keyed;
  return at - Date.parse(keyed.startedAt) < keyLife ? keyed : null;
}

/** The party whose client is looked up; without identifiers for an internal contact. */
export function partyOf(contact: WrittenContact, country: string) {
  const party = writtenParty(contact, country);
  return contact.direction === 'internal' ? { ...party, phone: null, email: null, account: null } : party;
}
