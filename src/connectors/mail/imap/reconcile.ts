import { createHash } from 'node:crypto';
import type { ImapFlow } from 'imapflow';
import type { EventKey } from '../../../domain/base/ids.ts';
import type { MailConfig } from '../schema.ts';
import { MailCredentials } from './credentials.ts';
import { type FolderCursor, parseCursor } from './cursor.ts';
import { FolderReader, type ReaderParts, type SeenLetter } from './folder-reader.ts';
import { openFolder, uidsOf } from './folder-uids.ts';
import { type FolderWish, findFolder, folderWishes, openSession } from './session.ts';

/** Dependencies and options of {@link reconcileMailbox}. */
export interface ReconcileParts extends Omit<ReaderParts, 'wish' | 'onProgress'> {
  /** Which of the keys are in the store, including erased ones. */
  readonly known: (keys: readonly EventKey[]) => Promise<ReadonlySet<EventKey>>;
  /** Whether missing letters are imported. */
  readonly take: boolean;
  /** Letters that arrived before this moment (milliseconds) are ignored; null for the start of the mailbox's first pass. */
  readonly since: number | null;
  /** Called with the number of letters of a folder compared so far, and their total. */
  readonly onProgress: (folder: string, done: number, of: number) => void;
}

/** A letter on the server that is not in the store. Its subject is personal data: show it on request only. */
export interface MissingLetter {
  readonly uid: number;
  /** When it arrived in the mailbox, in milliseconds since the epoch. */
  readonly arrivedAt: number;
  /** First half of the SHA-256 of its Message-ID; null if it has none. */
  readonly messageIdHash: string | null;
  readonly subject: string | null;
}

/** Result of the comparison of a folder. */
export interface FolderReport {
  /** Path on the server. */
  readonly folder: string;
  /** Number of letters on the server since the first imported day. */
  readonly onServer: number;
  readonly held: number;
  /** Number of letters not in the store that the gateway has not reached yet and will import by itself. */
  readonly ahead: number;
  /** Letters not in the store although the cursor is beyond them. */
  readonly missing: readonly MissingLetter[];
  /** Number of missing and ahead letters that were imported now. */
  readonly taken: number;
  /** Number of those that are still not in the store, because it refused them or the server did not deliver them. */
  readonly refused: number;
}

/** A folder that the gateway has never read, so that it can't be compared. */
export interface UnreadFolder {
  readonly folder: string;
  readonly neverRead: true;
}

/**
 * Compares the folders of a mailbox with the store and imports missing letters. It uses the same keys as the watch, so that both can
 * run at the same time, and does not move the watch's cursor. Rejects if a server or the store fails.
 */
export async function reconcileMailbox(parts: ReconcileParts): Promise<readonly (FolderReport | UnreadFolder)[]> {
  const credentials = new MailCredentials(parts.config);
  const reports: (FolderReport | UnreadFolder)[] = [];
  for (const wish of folderWishes(parts.config)) {
    const client = await openSession(parts.config, credentials);
    try {
      const path = await findFolder(client, wish);
      await client.mailboxOpen(path, { readOnly: true });
      reports.push(await reconcileFolder(client, path, wish, parts));
      await client.logout();
    } finally {
      client.close();
    }
  }
  return reports;
}

async function reconcileFolder(
  client: ImapFlow,
  folder: string,
  wish: FolderWish,
  parts: ReconcileParts,
): Promise<FolderReport | UnreadFolder> {
  const cursor = parseCursor(await parts.context.cursor.get(wish.name));
  if (cursor === null) return { folder, neverRead: true };
  const since = parts.since ?? cursor.since;
  const { validity } = openFolder(client);
  const reader = new FolderReader({ ...parts, wish, onProgress: () => undefined });
  const uids = await uidsOf(client, { uid: '1:*', ...(since > 0 && { since: new Date(since) }) });
  const absent: SeenLetter[] = [];
  let onServer = 0;
  let compared = 0;
  await reader.inspect(client, uids, async (seen) => {
    const wanted = seen.filter(({ arrivedAt }) => isWholeDay(since) || arrivedAt >= since);
    const known = await parts.known(wanted.map(({ key }) => key));
    absent.push(...wanted.filter(({ key }) => !known.has(key)));
    onServer += wanted.length;
    compared += seen.length;
    parts.onProgress(folder, compared, uids.length);
  });
  const ahead = absent.filter(({ uid }) => isAhead(uid, validity, cursor));
  const missing = absent.filter((letter) => !ahead.includes(letter));
  const { taken, refused } = parts.take ? await importLetters(client, reader, absent, parts) : { taken: 0, refused: 0 };
  return {
    folder,
    onServer,
    held: onServer - absent.length,
    ahead: ahead.length,
    missing: missing.map(missingLetter),
    taken,
    refused,
  };
}

async function importLetters(
  client: ImapFlow,
  reader: FolderReader,
  letters: readonly SeenLetter[],
  { known }: ReconcileParts,
): Promise<{ readonly taken: number; readonly refused: number }> {
  if (letters.length === 0) return { taken: 0, refused: 0 };
  await reader.importLetters(
    client,
    letters.map(({ uid }) => uid),
  );
  const now = await known(letters.map(({ key }) => key));
  const taken = letters.filter(({ key }) => now.has(key)).length;
  return { taken, refused: letters.length - taken };
}

/** Whether `since` is a configured day. The server then decides which letters belong to that day, by its own time zone. */
function isWholeDay(since: number): boolean {
  return since % 86_400_000 === 0;
}

/** After a change of UIDVALIDITY the gateway reads the whole folder again. */
function isAhead(uid: number, validity: string, cursor: FolderCursor): boolean {
  return cursor.validity !== validity || uid > cursor.uid;
}

function missingLetter({ uid, arrivedAt, messageId, subject }: SeenLetter): MissingLetter {
  const hash = messageId === null ? null : createHash('sha256').update(messageId).digest('hex').slice(0, 32);
  return { uid, arrivedAt, messageIdHash: hash, subject };
}

/** Whether the settings of a connection are those of a mailbox. */
export function isMailConfig(settings: { readonly kind: string }): settings is MailConfig {
  return settings.kind === 'mail';
}
