/** A well-known mail service with the settings that a mail program needs. */
export interface MailService {
  readonly name: string;
  /** Domains of its own addresses. A company's own domain at the service is recognised by `imap`. */
  readonly domains: readonly string[];
  /** IMAP hosts (port 993, TLS), the preferred one first. */
  readonly imap: readonly [string, ...string[]];
  /** Server for sending. */
  readonly smtp: { readonly host: string; readonly port: number; readonly tls: true | 'starttls' };
  /** Whether it stores sent letters in the Sent folder by itself. */
  readonly keepsCopy: boolean;
  /** Hint for a refused login. */
  readonly login: string;
  /** Help page of the service on logins. */
  readonly help: string;
  /** Sources of these settings as of November 2026: the service's help if available, else registries used by mail programs. */
  readonly sources: readonly [string, ...string[]];
}

const outlookLogin = 'it takes no passwords, only `oauth` with the scopes IMAP.AccessAsUser.All and SMTP.Send';
const microsoftOauthHelp =
  'https://learn.microsoft.com/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth';

/** The known services. If several share an IMAP server, a company's own domain is assigned to the first. */
export const mailServices: readonly MailService[] = [
  {
    name: 'Yandex',
    domains: ['yandex.ru', 'ya.ru', 'yandex.com', 'yandex.by', 'yandex.kz', 'yandex.ua', 'narod.ru'],
    imap: ['imap.yandex.ru', 'imap.yandex.com'],
    smtp: { host: 'smtp.yandex.ru', port: 465, tls: true },
    keepsCopy: false,
    login:
      'mail programs must be allowed in its settings, and it takes an app password, or `oauth` with the rights mail:imap_full and mail:smtp',
    help: 'https://yandex.ru/support/mail/mail-clients/others.html',
    sources: [
      'https://yandex.ru/support/mail-business/web/security/oauth.html',
      'https://github.com/thunderbird/autoconfig/blob/master/ispdb/yandex.ru',
      'https://github.com/chatmail/provider-db/blob/master/_providers/yandex.ru.md',
    ],
  },
  {
    name: 'Mail.ru',
    domains: ['mail.ru', 'inbox.ru', 'list.ru', 'bk.ru', 'internet.ru'],
    imap: ['imap.mail.ru'],
    smtp: { host: 'smtp.mail.ru', port: 465, tls: true },
    keepsCopy: false,
    login: 'it takes a password for external applications only, not the one of its pages',
    help: 'https://help.mail.ru/mail/security/protection/external',
    sources: [
      'https://github.com/thunderbird/autoconfig/blob/master/ispdb/mail.ru',
      'https://github.com/chatmail/provider-db/blob/master/_providers/mail.ru.md',
    ],
  },
  {
    name: 'Gmail',
    domains: ['gmail.com', 'googlemail.com'],
    imap: ['imap.gmail.com', 'imap.googlemail.com'],
    smtp: { host: 'smtp.gmail.com', port: 465, tls: true },
    keepsCopy: true,
    login: 'it takes an app password (two-step login), or `oauth` with the scope https://mail.google.com/',
    help: 'https://developers.google.com/workspace/gmail/imap/imap-smtp',
    sources: [
      'https://developers.google.com/workspace/gmail/imap/imap-smtp',
      'https://developers.google.com/workspace/gmail/imap/xoauth2-protocol',
      'https://github.com/zone-eu/wildduck/wiki/Gmail-sending',
    ],
  },
  {
    name: 'Microsoft 365',
    domains: [],
    imap: ['outlook.office365.com'],
    smtp: { host: 'smtp.office365.com', port: 587, tls: 'starttls' },
    keepsCopy: true,
    login: `${outlookLogin}; SMTP AUTH must be switched on for the mailbox`,
    help: microsoftOauthHelp,
    sources: [
      microsoftOauthHelp,
      'https://github.com/thunderbird/autoconfig/blob/master/ispdb/office365.com',
      'https://github.com/jstedfast/MailKit/issues/1193',
    ],
  },
  {
    name: 'Outlook.com',
    domains: ['outlook.com', 'hotmail.com', 'live.com', 'live.ru', 'msn.com'],
    imap: ['outlook.office365.com', 'imap-mail.outlook.com'],
    smtp: { host: 'smtp-mail.outlook.com', port: 587, tls: 'starttls' },
    keepsCopy: true,
    login: outlookLogin,
    help: microsoftOauthHelp,
    sources: [
      microsoftOauthHelp,
      'https://learn.microsoft.com/power-automate/desktop-flows/actions-reference/email',
      'https://github.com/chatmail/provider-db/issues/258',
    ],
  },
];

/** The domains whose mailboxes need no `imap.host`. */
export const knownDomains: readonly string[] = mailServices.flatMap(({ domains }) => domains);
