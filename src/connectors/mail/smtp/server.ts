import type { MailConfig, TlsSetting } from '../schema.ts';

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

/** Where the well-known services take letters, by where they show them; the others have it beside, as `smtp.` to `imap.` */
const beside: Readonly<Record<string, Pick<SmtpServer, 'host' | 'port' | 'tls' | 'keepsCopy'>>> = {
  'imap.gmail.com': { host: 'smtp.gmail.com', port: 465, tls: true, keepsCopy: true },
  'outlook.office365.com': { host: 'smtp.office365.com', port: 587, tls: 'starttls', keepsCopy: true },
  'imap-mail.outlook.com': { host: 'smtp-mail.outlook.com', port: 587, tls: 'starttls', keepsCopy: true },
};

/** The server for a mailbox's outgoing letters, or null where it is only read. */
export function smtpServerOf({ smtp, imap }: Pick<MailConfig, 'smtp' | 'imap'>): SmtpServer | null {
  if (smtp === false) return null;
  const known = smtp.host === undefined ? beside[imap.host.toLowerCase()] : undefined;
  const host = smtp.host ?? known?.host ?? imap.host.replace(/^imap\./i, 'smtp.');
  const tls = smtp.tls ?? known?.tls ?? imap.tls;
  const port = smtp.port ?? known?.port ?? (tls === 'starttls' || tls === false ? 587 : 465);
  const keepsItself = Object.values(beside).some((one) => one.host === host.toLowerCase() && one.keepsCopy);
  const keepsCopy = smtp.copy === 'auto' ? keepsItself : smtp.copy === 'server';
  return { host, port, tls, login: smtp.login, keepsCopy };
}
