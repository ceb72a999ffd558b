import type { ImapFlow } from 'imapflow';
import type { FolderCursor } from './cursor.ts';

/** UID and size in bytes of a letter. */
export interface Sized {
  readonly uid: number;
  readonly size: number;
}

/** UIDVALIDITY and UIDNEXT of the open folder. Throws if no folder is open because the connection was lost. */
export function openFolder(client: ImapFlow): { readonly validity: string; readonly uidNext: number } {
  const { mailbox } = client;
  if (mailbox === false) throw new Error('the mail server closed the folder');
  return { validity: String(mailbox.uidValidity), uidNext: mailbox.uidNext };
}

/** The UIDs after the cursor in ascending order; during the first pass only of letters since the configured day. */
export async function newUids(client: ImapFlow, { uid, since, scanning }: FolderCursor): Promise<readonly number[]> {
  const found = await uidsOf(client, {
    uid: `${uid + 1}:*`,
    ...(scanning && since > 0 && { since: new Date(since) }),
  });
  // `n:*` always includes the last letter, even if its UID is below n.
  return found.filter((one) => one > uid);
}

/** Searches the open folder. Resolves with UIDs in ascending order. */
export async function uidsOf(client: ImapFlow, query: { uid?: string; since?: Date }): Promise<readonly number[]> {
  const found = await client.search(query, { uid: true });
  if (found === false || found === undefined) throw new Error('the mail server refused to list the folder');
  return [...found].sort((a, b) => a - b);
}

/** Formats UIDs as an IMAP sequence set with ranges: `1:4,7`. */
export function rangeOf(uids: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const uid of uids) {
    const last = ranges.at(-1);
    if (last !== undefined && uid === last[1] + 1) last[1] = uid;
    else ranges.push([uid, uid]);
  }
  return ranges.map(([from, to]) => (from === to ? String(from) : `${from}:${to}`)).join(',');
}
