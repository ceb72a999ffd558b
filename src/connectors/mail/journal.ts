import type { IsOurs } from './own-addresses.ts';
import type { LetterHead } from './parse/model.ts';
import type { MailConfig } from './schema.ts';

/**
 * Whether a letter is a copy of an outbound letter that another program of ours sent to the journal address by BCC, regardless of its
 * sender. A letter with one of our addresses among its recipients is not: a server that copies everything also copies inbound letters.
 */
export function isJournalled(
  { to, cc, deliveredTo }: LetterHead,
  { journal, address }: Pick<MailConfig, 'journal' | 'address'>,
  isOurs: IsOurs,
): boolean {
  if (journal === undefined) return false;
  const own = journal.toLowerCase();
  const recipients = [...to, ...cc];
  const isAddressed = own === address.toLowerCase() || deliveredTo.some((one) => one.toLowerCase() === own);
  return isAddressed && recipients.length > 0 && !recipients.some((one) => isOurs(one.address));
}
