import type { MailConfig } from './schema.ts';
import { type MailService, mailServices } from './services.ts';

/** The service that a mailbox is at, by its configured server, else by its address; null for any other server. */
export function serviceOf({ address, imap }: Pick<MailConfig, 'address' | 'imap'>): MailService | null {
  const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase();
  const own = mailServices.filter(({ domains }) => domains.includes(domain));
  const host = imap.host?.toLowerCase();
  if (host === undefined) return own[0] ?? null;
  const there = (service: MailService) => service.imap.includes(host);
  return own.find(there) ?? mailServices.find(there) ?? null;
}

/** Where a mailbox is read. The schema requires a host where the service is not known. */
export function imapHostOf(config: Pick<MailConfig, 'address' | 'imap'>): string {
  return config.imap.host ?? serviceOf(config)?.imap[0] ?? '';
}
