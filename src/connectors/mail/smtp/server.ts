import type { MailConfig, TlsSetting } from '../schema.ts';
import { imapHostOf, serviceOf } from '../service-of.ts';
import { mailServices } from '../services.ts';

/** The server for outgoing letters. */
export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  readonly tls: TlsSetting;
  /** Whether it requires a login. */
  readonly login: boolean;
  /** Whether it stores sent letters in the Sent folder itself. */
  readonly keepsCopy: boolean;
}

/** The server for a mailbox's outgoing letters; null if the mailbox does not send. The default host is that of IMAP with `smtp.` instead of `imap.`. */
export function smtpServerOf(config: Pick<MailConfig, 'address' | 'smtp' | 'imap'>): SmtpServer | null {
  const { smtp, imap } = config;
  if (smtp === false) return null;
  const known = smtp.host === undefined ? serviceOf(config)?.smtp : undefined;
  const host = smtp.host ?? known?.host ?? imapHostOf(config).replace(/^imap\./i, 'smtp.');
  const tls = smtp.tls ?? known?.tls ?? imap.tls;
  const port = smtp.port ?? known?.port ?? (tls === 'starttls' || tls === false ? 587 : 465);
  const storesItself = mailServices.some((one) => one.keepsCopy && one.smtp.host === host.toLowerCase());
  const keepsCopy = smtp.copy === 'auto' ? storesItself : smtp.copy === 'server';
  return { host, port, tls, login: smtp.login, keepsCopy };
}
