import type { ImapFlow, ListResponse } from 'imapflow';
import type { FolderRole } from '../contact.ts';
import type { MailConfig, TlsSetting } from '../schema.ts';
import type { Credentials, MailCredentials } from './credentials.ts';
import { MailSetupError } from './setup-error.ts';

/** Milliseconds of silence after which a connection counts as dead, and after which IDLE is begun anew (NATs forget). */
const silence = 90_000;
const longestIdle = 60_000;
/** What one answer of the server may weigh, in bytes: large parts are fetched in pieces. */
const largestLiteral = 32 * 1024 * 1024;

/** A logged-in IMAP connection. Each is used once: ImapFlow can't reconnect. Rejects with {@link MailSetupError} for a wrong password. */
export async function openSession(config: MailConfig, credentials: MailCredentials): Promise<ImapFlow> {
  for (let first = true; ; first = false) {
    const shown = await credentials.get();
    const client = await logIn(config, shown);
    if (client !== null) return client;
    if (credentials.forget(shown) && first) continue;
    const what = shown.accessToken === undefined ? 'is the password right?' : 'may the token read this mailbox?';
    throw new MailSetupError(`the mail server refuses the login of ${shown.user}: ${what}`);
  }
}

/** Null where the server refuses the login. */
async function logIn({ imap }: MailConfig, auth: Credentials): Promise<ImapFlow | null> {
  const { host, port, tls } = imap;
  // Half a second to load, which only who has a mailbox should wait.
  const { ImapFlow } = await import('imapflow');
  const client = new ImapFlow({
    host,
    port,
    ...tlsOptions(tls),
    auth,
    logger: false,
    emitLogs: false,
    disableAutoIdle: true,
    maxIdleTime: longestIdle,
    socketTimeout: silence,
    maxLiteralSize: largestLiteral,
    clientInfo: { name: 'Patchbay' },
  });
  // What goes wrong is told by the rejections of commands; an error without a listener would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return client;
  } catch (error) {
    client.close();
    if ((error as { authenticationFailed?: boolean }).authenticationFailed === true) return null;
    throw error;
  }
}

/** TLS as ImapFlow wants it. */
export function tlsOptions(tls: TlsSetting) {
  if (tls === false) return { secure: false, doSTARTTLS: false };
  if (tls === 'starttls') return { secure: false, doSTARTTLS: true };
  if (tls === true) return { secure: true };
  return {
    secure: true,
    tls: {
      ...(tls.ca !== undefined && { ca: tls.ca }),
      ...(tls.rejectUnauthorized !== undefined && { rejectUnauthorized: tls.rejectUnauthorized }),
    },
  };
}

/** A folder to be read: its name is asked of the server each time, since people rename folders. */
export interface FolderWish {
  /** Unique within the connection: what its cursor is called. */
  readonly name: string;
  readonly role: FolderRole;
  /** As configured; null where it is to be found by what it is for. */
  readonly path: string | null;
}

/** The folders of a mailbox that are read. */
export function folderWishes(config: MailConfig): readonly FolderWish[] {
  return [
    { name: 'inbox', role: 'inbox', path: 'INBOX' },
    { name: 'sent', role: 'sent', path: config.sent ?? null },
    ...config.folders.map((path): FolderWish => ({ name: `folder ${path}`, role: 'inbox', path })),
    ...(config.spam ? [{ name: 'spam', role: 'spam', path: null } as const] : []),
  ];
}

/** The path of a folder, by SPECIAL-USE (RFC 6154) and then by the names that mail programs give it. Rejects with {@link MailSetupError}. */
export async function findFolder(client: ImapFlow, wish: FolderWish): Promise<string> {
  if (wish.path === 'INBOX') return 'INBOX';
  const all = await client.list();
  const found = all.find((folder) => fits(folder, wish));
  if (found !== undefined) return found.path;
  const names = all
    .map(({ path }) => path)
    .slice(0, 20)
    .join(', ');
  throw new MailSetupError(
    wish.path === null
      ? `found no ${wish.role} folder; set its name, one of: ${names}`
      : `there is no folder ${wish.path}; the server has: ${names}`,
  );
}

function fits(folder: ListResponse, { path, role }: FolderWish): boolean {
  if (folder.flags.has('\\Noselect') || folder.flags.has('\\NonExistent')) return false;
  if (path !== null) return folder.path === path;
  // ImapFlow knows the names of many languages and prefers what the server itself says.
  return folder.specialUse === (role === 'sent' ? '\\Sent' : '\\Junk');
}

/** Why a connection is not there, in words and without secrets. */
export function troubleOf(error: unknown): string {
  if (error instanceof MailSetupError) return error.message;
  const { code, responseText, message } = error as { code?: string; responseText?: string; message?: string };
  switch (code) {
    case 'ECONNREFUSED':
      return 'the mail server refuses connections: is it running, is the port right?';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return "the mail server's name is not known: is the host right?";
    case 'CONNECT_TIMEOUT':
    case 'GREETING_TIMEOUT':
    case 'ETIMEDOUT':
      return 'the mail server does not answer in time';
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
      return "the mail server's certificate is not trusted: give its `ca`";
    case 'NoConnection':
    case 'EConnectionClosed':
      return 'the mail server closed the connection';
  }
  return responseText ?? message ?? 'the connection failed';
}
