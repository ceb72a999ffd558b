import type { ImapFlow, ListResponse } from 'imapflow';
import type { Reason } from '../../../domain/base/reason.ts';
import { reason } from '../../../domain/reasons/reasons.ts';
import type { FolderRole } from '../contact.ts';
import type { MailConfig, TlsSetting } from '../schema.ts';
import { imapHostOf, serviceOf } from '../service-of.ts';
import type { Credentials, MailCredentials } from './credentials.ts';
import { MailSetupError, refusalText } from './trouble.ts';

/** Milliseconds of silence after which a connection counts as dead, and after which IDLE is begun anew (NATs forget). */
const silence = 90_000;
const longestIdle = 60_000;
/** What one answer of the server may weigh, in bytes: large parts are fetched in pieces. */
const largestLiteral = 32 * 1024 * 1024;

/** A logged-in IMAP connection. Each is used once: ImapFlow can't reconnect. Rejects with {@link MailSetupError} for a wrong password. */
export async function openSession(config: MailConfig, credentials: MailCredentials): Promise<ImapFlow> {
  for (let first = true; ; first = false) {
    const shown = await credentials.get();
    const come = await logIn(config, shown);
    if (!('refused' in come)) return come;
    if (credentials.forget(shown) && first) continue;
    throw new MailSetupError(loginRefusal(config, shown, come.refused));
  }
}

/** Why a mailbox does not open, with the help page of its service. */
function loginRefusal(config: MailConfig, { user, accessToken }: Credentials, said: string): Reason {
  const service = serviceOf(config);
  const refused = reason(accessToken === undefined ? 'imapLoginRefused' : 'imapTokenRefused', { user, said });
  if (service === null) return refused;
  const { name, login, help } = service;
  return reason('several', { reasons: [refused, reason('imapServiceHelp', { service: name, help, said: login })] });
}

/** What the server says where it refuses the login. */
async function logIn(config: MailConfig, auth: Credentials): Promise<ImapFlow | { readonly refused: string }> {
  const { port, tls } = config.imap;
  // Half a second to load, which only who has a mailbox should wait.
  const { ImapFlow } = await import('imapflow');
  const client = new ImapFlow({
    host: imapHostOf(config),
    port,
    ...tlsOptions(tls),
    auth,
    logger: false,
    emitLogs: false,
    disableAutoIdle: true,
    // Where it is offered what vanishes is told by its UID (RFC 7162): no number of ours shifts in the middle of a pass.
    qresync: true,
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
    const refused = refusalOf(error);
    if (refused !== null) return { refused };
    throw error;
  }
}

/** Answers to a login that speak of the server and not of who logs in (RFC 5530). */
const passing = ['UNAVAILABLE', 'SERVERBUG', 'INUSE', 'LIMIT'];

/** The server's words where it refused the login; null where it was anything else that failed. */
function refusalOf(error: unknown): string | null {
  const { authenticationFailed, serverResponseCode, response } = error as {
    authenticationFailed?: boolean;
    serverResponseCode?: string;
    response?: unknown;
  };
  if (authenticationFailed !== true || passing.includes(serverResponseCode ?? '')) return null;
  return refusalText(response) ?? '';
}

/** TLS as ImapFlow wants it. */
function tlsOptions(tls: TlsSetting) {
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
  const names = all.map(({ path }) => path).slice(0, 20);
  throw new MailSetupError(
    wish.path === null
      ? reason('folderNotFound', { role: wish.role, folders: names })
      : reason('folderMissing', { path: wish.path, folders: names }),
  );
}

function fits(folder: ListResponse, { path, role }: FolderWish): boolean {
  if (folder.flags.has('\\Noselect') || folder.flags.has('\\NonExistent')) return false;
  if (path !== null) return folder.path === path;
  // ImapFlow knows the names of many languages and prefers what the server itself says.
  return folder.specialUse === (role === 'sent' ? '\\Sent' : '\\Junk');
}
