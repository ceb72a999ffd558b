/** How far a folder has been read. */
export interface FolderCursor {
  /** The server's UIDVALIDITY: when it changes, all UIDs mean something else (RFC 9051, 2.3.1.1). */
  readonly validity: string;
  /** Everything up to this UID is safe. */
  readonly uid: number;
  /** Letters that arrived before this moment are not taken in; milliseconds since the epoch. */
  readonly since: number;
  /** Whether the first pass over the folder is still going on: only then is `since` looked at. */
  readonly scanning: boolean;
}

/** The cursor as it is stored: `UIDVALIDITY:UID:SINCE`, with `:scan` during the first pass. */
export function cursorText({ validity, uid, since, scanning }: FolderCursor): string {
  return `${validity}:${uid}:${since}${scanning ? ':scan' : ''}`;
}

/** Reads a stored cursor; null where there is none. */
export function parseCursor(text: string | null): FolderCursor | null {
  const match = /^(\d+):(\d+):(\d+)(:scan)?$/.exec(text ?? '');
  if (match === null) return null;
  const [, validity = '', uid, since, scan] = match;
  return { validity, uid: Number(uid), since: Number(since), scanning: scan !== undefined };
}

/** The first moment of the day that history begins with, or null where none was chosen; IMAP compares whole days. */
export function sinceOf(day: string | undefined): number | null {
  return day === undefined ? null : Date.parse(`${day}T00:00:00Z`);
}
