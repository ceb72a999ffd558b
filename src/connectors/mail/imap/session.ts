import type { ImapFlow, ListResponse } from 'imapflow';
import type { Reason } from '../../../domain/base/reason.ts';
import { reason } from '../../../domain/reasons/reasons.ts';
import type { FolderRole } from '../contact.ts';
import type { MailConfig, TlsSetting } from '../schema.ts';
import { imapHostOf, serviceOf } from '../service-of.ts';
import type { Credentials, MailCredentials } from './credentials.ts';
import { MailSetupError, refusalText } from './trouble.ts';

/** Milliseconds of silence after which a connection counts as dead, and after which IDLE is renewed, as NATs drop idle connections. */
const socketTimeout = 90_000;
const maxIdleTime = 60_000;
/** Limit of one literal of the server in bytes. Large parts are fetched in pieces. */
const maxLiteralSize = 32 * 1024 * 1024;

/** Opens a logged-in IMAP connection, which can't be reopened. Rejects with {@link MailSetupError} if the login is refused. */
export async function openSession(config: MailConfig, credentials: MailCredentials): Promise<ImapFlow> {
  for (let first = true; ; first = false) {
    const login = await credentials.get();
    const result = await logIn(config, login);
    if (!('refused' in result)) return result;
    if (credentials.forget(login) && first) continue;
    throw new MailSetupError(loginRefusal(config, login, result.refused));
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

/** Logs in. Resolves with the connection, or with the server's message if it refuses the login. */
async function logIn(config: MailConfig, auth: Credentials): Promise<ImapFlow | { readonly refused: string }> {
  const { port, tls } = config.imap;
  // Loaded on demand, because it takes half a second.
  const { ImapFlow } = await import('imapflow');
  const client = new ImapFlow({
    host: imapHostOf(config),
    port,
    ...tlsOptions(tls),
    auth,
    logger: false,
    emitLogs: false,
    disableAutoIdle: true,
    // With QRESYNC, expunged messages are reported by UID (RFC 7162), so that sequence numbers do not shift during a pass.
    qresync: true,
    maxIdleTime,
    socketTimeout,
    maxLiteralSize,
    clientInfo: { name: 'Patchbay' },
  });
  // Commands reject on errors, but an `error` event without a listener would crash the process.
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

/** Response codes to a login that indicate a problem of the server rather than of the credentials (RFC 5530). */
const temporaryCodes = ['UNAVAILABLE', 'SERVERBUG', 'INUSE', 'LIMIT'];

/** The server's message if it refused the login; null for any other error. */
function refusalOf(error: unknown): string | null {
  const { authenticationFailed, serverResponseCode, response } = error as {
    authenticationFailed?: boolean;
    serverResponseCode?: string;
    response?: unknown;
  };
  if (authenticationFailed !== true || temporaryCodes.includes(serverResponseCode ?? '')) return null;
  return refusalText(response) ?? '';
}

/** TLS options for ImapFlow. */
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

/** A folder to read. Its path is looked up on the server each time, because people rename folders. */
export interface FolderWish {
  /** Name of its cursor, unique within the connection. */
  readonly name: string;
  readonly role: FolderRole;
  /** The configured path; null to find the folder by its role. */
  readonly path: string | null;
}

/** The folders of a mailbox to read. */
export function folderWishes(config: MailConfig): readonly FolderWish[] {
  return [
    { name: 'inbox', role: 'inbox', path: 'INBOX' },
    { name: 'sent', role: 'sent', path: config.sent ?? null },
    ...config.folders.map((path): FolderWish => ({ name: `folder ${path}`, role: 'inbox', path })),
    ...(config.spam ? [{ name: 'spam', role: 'spam', path: null } as const] : []),
  ];
}

/** Finds the path of a folder, by SPECIAL-USE (RFC 6154), else by common names. Rejects with {@link MailSetupError} if there is none. */
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
  // ImapFlow knows common names in many languages, and prefers the flags set by the server.
  return folder.specialUse === (role === 'sent' ? '\\Sent' : '\\Junk');
}
