import type { ImapFlow } from 'imapflow';
import type { FolderCursor } from './cursor.ts';

/** A letter's UID and its bytes. */
export interface Sized {
  readonly uid: number;
  readonly size: number;
}

/** The numbering of the open folder. Rejects when none is open: the connection broke. */
export function openFolder(client: ImapFlow): { readonly validity: string; readonly uidNext: number } {
  const { mailbox } = client;
  if (mailbox === false) throw new Error('the mail server closed the folder');
  return { validity: String(mailbox.uidValidity), uidNext: mailbox.uidNext };
}

/** The UIDs behind a place, ascending; of a first pass only those that arrived since the chosen day. */
export async function newUids(client: ImapFlow, { uid, since, scanning }: FolderCursor): Promise<readonly number[]> {
  const found = await uidsOf(client, {
    uid: `${uid + 1}:*`,
    ...(scanning && since > 0 && { since: new Date(since) }),
  });
  // `n:*` names the last letter also where n is behind it.
  return found.filter((one) => one > uid);
}

/** The UIDs of a search, ascending. */
export async function uidsOf(client: ImapFlow, query: { uid?: string; since?: Date }): Promise<readonly number[]> {
  const found = await client.search(query, { uid: true });
  if (found === false || found === undefined) throw new Error('the mail server refused to list the folder');
  return [...found].sort((a, b) => a - b);
}

/** UIDs as IMAP writes them, neighbours joined: `1:4,7`. */
export function rangeOf(uids: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const uid of uids) {
    const last = ranges.at(-1);
    if (last !== undefined && uid === last[1] + 1) last[1] = uid;
    else ranges.push([uid, uid]);
  }
  return ranges.map(([from, to]) => (from === to ? String(from) : `${from}:${to}`)).join(',');
}
