import { createHash } from 'node:crypto';
import type { ImapFlow } from 'imapflow';
import type { EventKey } from '../../../domain/base/ids.ts';
import type { MailConfig } from '../schema.ts';
import { MailCredentials } from './credentials.ts';
import { type FolderCursor, parseCursor } from './cursor.ts';
import { FolderReader, type ReaderParts, type SeenLetter } from './folder-reader.ts';
import { openFolder, uidsOf } from './folder-uids.ts';
import { type FolderWish, findFolder, folderWishes, openSession } from './session.ts';

/** What a mailbox is compared with, and what becomes of what is missing. */
export interface ReconcileParts extends Omit<ReaderParts, 'wish' | 'onProgress'> {
  /** Which of the keys are held, erased ones among them. */
  readonly known: (keys: readonly EventKey[]) => Promise<ReadonlySet<EventKey>>;
  /** Whether what is missing is taken in. */
  readonly take: boolean;
  /** Letters that arrived before this moment are left alone, milliseconds; null: as the mailbox was read at first. */
  readonly since: number | null;
  /** Told how many letters of how many of a folder have been compared. */
  readonly onProgress: (folder: string, done: number, of: number) => void;
}

/** A letter that the server has and we do not. Its subject is the client's: show it only to who asked for it. */
export interface MissingLetter {
  readonly uid: number;
  /** When the mailbox got it, milliseconds since the epoch. */
  readonly arrivedAt: number;
  /** The first half of the SHA-256 of its Message-ID; null where it has none. */
  readonly messageIdHash: string | null;
  readonly subject: string | null;
}

/** What the comparison of a folder told. */
export interface FolderReport {
  /** Its path on the server. */
  readonly folder: string;
  /** Letters on the server since the first day that is read. */
  readonly onServer: number;
  readonly held: number;
  /** Not held, and the gateway has not come to them yet: it takes them in by itself. */
  readonly ahead: number;
  /** Not held, though the gateway has passed them by. */
  readonly missing: readonly MissingLetter[];
  /** Of the missing and those ahead, how many were taken in now. */
  readonly taken: number;
  /** Of these, how many the store still does not hold: it refused them, or the server did not give them. */
  readonly refused: number;
}

/** A folder that the gateway has never begun to read: nobody can say what should be held of it. */
export interface UnreadFolder {
  readonly folder: string;
  readonly neverRead: true;
}

/**
 * Compares each read folder of a mailbox with what is held and takes in what is missing, by the same keys as the watch does, so that
 * the two may run side by side. The watch's place is not moved. Rejects where a server or the store fails.
 */
export async function reconcileMailbox(parts: ReconcileParts): Promise<readonly (FolderReport | UnreadFolder)[]> {
  const credentials = new MailCredentials(parts.config);
  const accounts: (FolderReport | UnreadFolder)[] = [];
  for (const wish of folderWishes(parts.config)) {
    const client = await openSession(parts.config, credentials);
    try {
      const path = await findFolder(client, wish);
      await client.mailboxOpen(path, { readOnly: true });
      accounts.push(await reconcileFolder(client, path, wish, parts));
      await client.logout();
    } finally {
      client.close();
    }
  }
  return accounts;
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
  const unheld: SeenLetter[] = [];
  let onServer = 0;
  let looked = 0;
  await reader.look(client, uids, async (seen) => {
    const wanted = seen.filter(({ arrivedAt }) => isWholeDay(since) || arrivedAt >= since);
    const known = await parts.known(wanted.map(({ key }) => key));
    unheld.push(...wanted.filter(({ key }) => !known.has(key)));
    onServer += wanted.length;
    looked += seen.length;
    parts.onProgress(folder, looked, uids.length);
  });
  const ahead = unheld.filter(({ uid }) => isAhead(uid, validity, cursor));
  const missing = unheld.filter((letter) => !ahead.includes(letter));
  const { taken, refused } = parts.take ? await takeIn(client, reader, unheld, parts) : { taken: 0, refused: 0 };
  return {
    folder,
    onServer,
    held: onServer - unheld.length,
    ahead: ahead.length,
    missing: missing.map(told),
    taken,
    refused,
  };
}

async function takeIn(
  client: ImapFlow,
  reader: FolderReader,
  letters: readonly SeenLetter[],
  { known }: ReconcileParts,
): Promise<{ readonly taken: number; readonly refused: number }> {
  if (letters.length === 0) return { taken: 0, refused: 0 };
  await reader.take(
    client,
    letters.map(({ uid }) => uid),
  );
  const now = await known(letters.map(({ key }) => key));
  const taken = letters.filter(({ key }) => now.has(key)).length;
  return { taken, refused: letters.length - taken };
}

/** Where the first day was chosen, the server's own idea of a day holds, in whichever zone it lives. */
function isWholeDay(since: number): boolean {
  return since % 86_400_000 === 0;
}

/** After a change of UIDVALIDITY the gateway reads the whole folder again. */
function isAhead(uid: number, validity: string, cursor: FolderCursor): boolean {
  return cursor.validity !== validity || uid > cursor.uid;
}

function told({ uid, arrivedAt, messageId, subject }: SeenLetter): MissingLetter {
  const hash = messageId === null ? null : createHash('sha256').update(messageId).digest('hex').slice(0, 32);
  return { uid, arrivedAt, messageIdHash: hash, subject };
}

/** Settings of a connection, and whether it is a mailbox. */
export function isMailConfig(settings: { readonly kind: string }): settings is MailConfig {
  return settings.kind === 'mail';
}
