/** The reading position in a folder. */
export interface FolderCursor {
  /** The server's UIDVALIDITY. If it changes, all previous UIDs are invalid (RFC 9051, 2.3.1.1). */
  readonly validity: string;
  /** All letters up to this UID have been committed. */
  readonly uid: number;
  /** Letters that arrived before this moment (milliseconds since the epoch) are not imported. */
  readonly since: number;
  /** Whether the first pass over the folder is still in progress. `since` applies only to that pass. */
  readonly scanning: boolean;
}

/** Formats a cursor for the store: `UIDVALIDITY:UID:SINCE`, with `:scan` during the first pass. */
export function cursorText({ validity, uid, since, scanning }: FolderCursor): string {
  return `${validity}:${uid}:${since}${scanning ? ':scan' : ''}`;
}

/** Parses a stored cursor; null if there is none. */
export function parseCursor(text: string | null): FolderCursor | null {
  const match = /^(\d+):(\d+):(\d+)(:scan)?$/.exec(text ?? '');
  if (match === null) return null;
  const [, validity = '', uid, since, scan] = match;
  return { validity, uid: Number(uid), since: Number(since), scanning: scan !== undefined };
}

/** The start of the day from which the history is imported, or null if none is configured. IMAP compares whole days. */
export function sinceOf(day: string | undefined): number | null {
  return day === undefined ? null : Date.parse(`${day}T00:00:00Z`);
}
