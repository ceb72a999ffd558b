import { MailCredentials } from '../../connectors/mail/imap/credentials.ts';
import { parseCursor } from '../../connectors/mail/imap/cursor.ts';
import { type FolderProgress, folderProgress } from '../../connectors/mail/imap/progress.ts';
import { type FolderWish, findFolder, folderWishes, openSession } from '../../connectors/mail/imap/session.ts';
import { troubleOf } from '../../connectors/mail/imap/trouble.ts';
import type { MailConfig } from '../../connectors/mail/schema.ts';
import { sendingLogin } from '../../connectors/mail/smtp/sender.ts';
import { smtpServerOf } from '../../connectors/mail/smtp/server.ts';
import { greet } from '../../connectors/mail/smtp/session.ts';
import { docsLinks } from '../../domain/base/docs-links.ts';
import type { Finding } from '../../domain/base/finding.ts';
import { reasonText } from '../../domain/reasons/reasons.ts';

/** Reads the stored cursor of a connection's folder. */
export type ReadCursor = (connection: string, folder: string) => Promise<string | null>;

const timeout = 30_000;

/** Checks whether a mailbox opens, how far it has been read, and whether sending would work. Sends and changes nothing. */
export async function examineMailbox(
  name: string,
  config: MailConfig,
  cursor: ReadCursor,
): Promise<readonly Finding[]> {
  const credentials = new MailCredentials(config);
  const [read, sent] = await Promise.all([reading(name, config, credentials, cursor), sending(config, credentials)]);
  return [...read, ...(sent === null ? [] : [{ what: `${name}: sending`, ...sent }])];
}

async function reading(
  name: string,
  config: MailConfig,
  credentials: MailCredentials,
  cursor: ReadCursor,
): Promise<readonly Finding[]> {
  try {
    const client = await openSession(config, credentials);
    const findings: Finding[] = [];
    try {
      for (const wish of folderWishes(config)) {
        const found = await folder(wish);
        findings.push({ what: `${name}: ${wish.name}`, ...found });
      }
      await client.logout();
    } finally {
      client.close();
    }
    return findings;

    async function folder(wish: FolderWish): Promise<Pick<Finding, 'ok' | 'detail'>> {
      try {
        const path = await findFolder(client, wish);
        await client.mailboxOpen(path, { readOnly: true });
        const place = parseCursor(await cursor(name, wish.name));
        return { ok: true, detail: `${path}: ${progressText(await folderProgress(client, config, place), config)}` };
      } catch (error) {
        return { ok: false, detail: reasonText(troubleOf(error)) };
      }
    }
  } catch (error) {
    return [
      { what: `${name}: mailbox`, ok: false, detail: `${reasonText(troubleOf(error))} (see ${docsLinks.mailLogin})` },
    ];
  }
}

function progressText({ stage, taken, of }: FolderProgress, { since }: MailConfig): string {
  switch (stage) {
    case 'unread':
      return since === undefined
        ? 'letters that arrive after the first start will be imported'
        : `${of} letters since ${since} will be imported at the first start`;
    case 'history':
      return `${taken} of ${of} older letters have been imported`;
    case 'followed':
      return taken < of ? `${of - taken} letters have yet to be imported` : 'all letters have been imported';
  }
}

/** Null if the mailbox is not configured for sending. */
async function sending(config: MailConfig, reading: MailCredentials): Promise<Pick<Finding, 'ok' | 'detail'> | null> {
  const server = smtpServerOf(config);
  if (server === null) return null;
  const where = `${server.host}:${server.port}`;
  try {
    const login = server.login ? await sendingLogin(config, reading).get() : null;
    await greet(server, login, AbortSignal.timeout(timeout));
    return { ok: true, detail: `${where} ${server.login ? 'accepts the login' : 'answers'}` };
  } catch (error) {
    return { ok: false, detail: `${where}: ${error instanceof Error ? error.message : 'no answer'}` };
  }
}
