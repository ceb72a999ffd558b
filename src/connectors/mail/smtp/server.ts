import type { MailConfig, TlsSetting } from '../schema.ts';
import { imapHostOf, serviceOf } from '../service-of.ts';
import { mailServices } from '../services.ts';

/** The server that letters leave by. */
export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  readonly tls: TlsSetting;
  /** Whether it wants to know who we are. */
  readonly login: boolean;
  /** Whether it puts what was sent into the Sent folder by itself. */
  readonly keepsCopy: boolean;
}

/** The server for a mailbox's outgoing letters, or null where it is only read. What nobody told is beside the IMAP server: `smtp.` to `imap.` */
export function smtpServerOf(config: Pick<MailConfig, 'address' | 'smtp' | 'imap'>): SmtpServer | null {
  const { smtp, imap } = config;
  if (smtp === false) return null;
  const known = smtp.host === undefined ? serviceOf(config)?.smtp : undefined;
  const host = smtp.host ?? known?.host ?? imapHostOf(config).replace(/^imap\./i, 'smtp.');
  const tls = smtp.tls ?? known?.tls ?? imap.tls;
  const port = smtp.port ?? known?.port ?? (tls === 'starttls' || tls === false ? 587 : 465);
  const keepsItself = mailServices.some((one) => one.keepsCopy && one.smtp.host === host.toLowerCase());
  const keepsCopy = smtp.copy === 'auto' ? keepsItself : smtp.copy === 'server';
  return { host, port, tls, login: smtp.login, keepsCopy };
}
