import type { IsOurs } from './own-addresses.ts';
import type { LetterHead } from './parse/model.ts';
import type { MailConfig } from './schema.ts';

/**
 * Whether a letter is a copy that came to the journal address by BCC: what another program of ours sent, whoever it says wrote
 * it. One that names an address of ours among its recipients is none: a server that copies everything copies what comes in, too.
 */
export function isJournalled(
  { to, cc, deliveredTo }: LetterHead,
  { journal, address }: Pick<MailConfig, 'journal' | 'address'>,
  isOurs: IsOurs,
): boolean {
  if (journal === undefined) return false;
  const own = journal.toLowerCase();
  const recipients = [...to, ...cc];
  const cameByIt = own === address.toLowerCase() || deliveredTo.some((one) => one.toLowerCase() === own);
  return cameByIt && recipients.length > 0 && !recipients.some((one) => isOurs(one.address));
}
