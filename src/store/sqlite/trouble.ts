/** Trouble with a database file, for people who administer the program. */
export interface StorageTrouble {
  /** Whether waiting does not help: the file itself is at fault. */
  readonly damaged: boolean;
  readonly words: string;
}

const repair = 'stop the gateway, then run "patchbay repair", or go back to a back-up as docs/backup.md says';

/** By the beginning of SQLite's code. */
const known: readonly (readonly [string, StorageTrouble])[] = [
  ['SQLITE_CORRUPT', { damaged: true, words: `the database is damaged: ${repair}` }],
  ['SQLITE_NOTADB', { damaged: true, words: `the file is no database any more, its beginning is damaged: ${repair}` }],
  ['SQLITE_FULL', { damaged: false, words: 'the disk is full: make room' }],
  ['SQLITE_READONLY', { damaged: false, words: 'the database can not be written: is the disk or the file read-only?' }],
  [
    'SQLITE_CANTOPEN',
    {
      damaged: false,
      words: 'the database can not be opened: does its directory exist, and may this user write there?',
    },
  ],
  ['SQLITE_IOERR', { damaged: false, words: 'the disk fails to read or write: see the log of the system' }],
  ['SQLITE_BUSY', { damaged: false, words: 'another program holds the database' }],
  ['EROFS', { damaged: false, words: 'the disk is read-only' }],
  ['EACCES', { damaged: false, words: 'this user may not write the database or its directory' }],
  ['ENOSPC', { damaged: false, words: 'the disk is full: make room' }],
];

/** What an error says of the file that a database lies in; null for any other error. */
export function storageTrouble(error: unknown): StorageTrouble | null {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return known.find(([beginning]) => code.startsWith(beginning))?.[1] ?? null;
}

/** An error in words: SQLite's own doesn't survive the way from one thread to another. */
export function inWords(error: unknown): string {
  return storageTrouble(error)?.words ?? (error instanceof Error ? error.message : String(error));
}
