import { domainOf } from '../../domain/directory/public-mail.ts';
import type { MailConfig } from './schema.ts';
import { type MailService, mailServices } from './services.ts';

/** The known service of a mailbox, by its configured server, else by its address. Null for other servers. */
export function serviceOf({ address, imap }: Pick<MailConfig, 'address' | 'imap'>): MailService | null {
  const domain = domainOf(address);
  const own = mailServices.filter(({ domains }) => domains.includes(domain));
  const host = imap.host?.toLowerCase();
  if (host === undefined) return own[0] ?? null;
  const hasHost = (service: MailService) => service.imap.includes(host);
  return own.find(hasHost) ?? mailServices.find(hasHost) ?? null;
}

/** The IMAP host of a mailbox. The schema requires one unless the service is known. */
export function imapHostOf(config: Pick<MailConfig, 'address' | 'imap'>): string {
  return config.imap.host ?? serviceOf(config)?.imap[0] ?? '';
}
