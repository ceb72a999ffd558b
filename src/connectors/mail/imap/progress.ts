import type { ImapFlow } from 'imapflow';
import type { MailConfig } from '../schema.ts';
import type { FolderCursor } from './cursor.ts';
import { sinceOf } from './cursor.ts';
import { openFolder, uidsOf } from './folder-uids.ts';

/** How much of a folder has been imported. */
export interface FolderProgress {
  /** `unread`: not started yet; `history`: the first pass is in progress; `followed`: new letters are imported as they arrive. */
  readonly stage: 'unread' | 'history' | 'followed';
  /** Number of imported letters since the configured day, and their total. */
  readonly taken: number;
  readonly of: number;
}

/** Compares the stored cursor with the open folder, without reading any letter. */
export async function folderProgress(
  client: ImapFlow,
  { since }: Pick<MailConfig, 'since'>,
  cursor: FolderCursor | null,
): Promise<FolderProgress> {
  const { validity } = openFolder(client);
  const first = cursor?.since ?? sinceOf(since);
  // Without a configured day, only letters after the first start are imported.
  if (first === null) return { stage: 'unread', taken: 0, of: 0 };
  const uids = await uidsOf(client, { uid: '1:*', ...(first > 0 && { since: new Date(first) }) });
  if (cursor === null) return { stage: 'unread', taken: 0, of: uids.length };
  // After a change of UIDVALIDITY the whole folder will be read again; letters already imported are then recognised.
  const position = cursor.validity === validity ? cursor.uid : 0;
  const taken = uids.filter((uid) => uid <= position).length;
  return { stage: cursor.scanning || position === 0 ? 'history' : 'followed', taken, of: uids.length };
}
