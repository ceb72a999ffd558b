import type { ImapFlow } from 'imapflow';
import type { MailConfig } from '../schema.ts';
import type { FolderCursor } from './cursor.ts';
import { sinceOf } from './cursor.ts';
import { openFolder, uidsOf } from './folder-uids.ts';

/** How far the open folder of a mailbox has been taken in. */
export interface FolderProgress {
  /** `unread`: the gateway has never begun with it; `history`: its first pass is going on; `followed`: new letters are taken in as they come. */
  readonly stage: 'unread' | 'history' | 'followed';
  /** Letters that are taken in, of all since the day that was chosen. */
  readonly taken: number;
  readonly of: number;
}

/** Compares the place that is remembered with what lies in the open folder, without reading a letter. */
export async function folderProgress(
  client: ImapFlow,
  { since }: Pick<MailConfig, 'since'>,
  cursor: FolderCursor | null,
): Promise<FolderProgress> {
  const { validity } = openFolder(client);
  const first = cursor?.since ?? sinceOf(since);
  // Without a chosen day the first start begins with what comes after it.
  if (first === null) return { stage: 'unread', taken: 0, of: 0 };
  const uids = await uidsOf(client, { uid: '1:*', ...(first > 0 && { since: new Date(first) }) });
  if (cursor === null) return { stage: 'unread', taken: 0, of: uids.length };
  // Numbered anew: all of it will be read again, though what is held is known then.
  const place = cursor.validity === validity ? cursor.uid : 0;
  const taken = uids.filter((uid) => uid <= place).length;
  return { stage: cursor.scanning || place === 0 ? 'history' : 'followed', taken, of: uids.length };
}
