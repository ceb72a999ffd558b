/** A problem with a database file, described for administrators. */
export interface StorageTrouble {
  /** Whether the file itself is damaged, so that waiting does not help. */
  readonly damaged: boolean;
  readonly words: string;
}

const repair = 'stop the gateway, then run "patchbay repair", or go back to a back-up as docs/backup.md says';

/** Keyed by the beginning of the error code. */
const known: readonly (readonly [string, StorageTrouble])[] = [
  ['SQLITE_CORRUPT', { damaged: true, words: `the database is damaged: ${repair}` }],
  ['SQLITE_NOTADB', { damaged: true, words: `the file is not a database, or its beginning is damaged: ${repair}` }],
  ['SQLITE_FULL', { damaged: false, words: 'the disk is full: free some space' }],
  [
    'SQLITE_READONLY',
    { damaged: false, words: 'cannot write to the database: check whether the disk or the file is read-only' },
  ],
  [
    'SQLITE_CANTOPEN',
    {
      damaged: false,
      words: 'cannot open the database: check that its directory exists and that this user may write there',
    },
  ],
  ['SQLITE_IOERR', { damaged: false, words: 'the disk fails to read or write: see the system log' }],
  ['SQLITE_BUSY', { damaged: false, words: 'another program holds the database' }],
  ['EROFS', { damaged: false, words: 'the disk is read-only' }],
  ['EACCES', { damaged: false, words: 'this user has no permission to write to the database or its directory' }],
  ['ENOSPC', { damaged: false, words: 'the disk is full: free some space' }],
];

/** The storage problem behind an error's `code`, or null for any other error. */
export function storageTrouble(error: unknown): StorageTrouble | null {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  return known.find(([beginning]) => code.startsWith(beginning))?.[1] ?? null;
}

/** Describes an error as text: SQLite's own errors do not survive the way between threads. */
export function errorText(error: unknown): string {
  return storageTrouble(error)?.words ?? (error instanceof Error ? error.message : String(error));
}
